import { assertEquals } from "@std/assert";
import { initialTurnState, reduceTurn } from "../../streams.ts";
import { noteDiagnostic } from "../../src/turn/reduce.ts";
import { TurnAccumulator } from "../../src/turn/accumulate.ts";
import { fixtureEvents, fixtureNames } from "../stream/support.ts";
import { agentMessage, itemCompleted } from "../../testing.ts";

for (const name of fixtureNames()) {
  Deno.test(`TurnAccumulator has the same state as reduceTurn after each event of the recorded stream ${name}`, async () => {
    const { events } = await fixtureEvents(name);
    const initial = initialTurnState();
    const accumulator = new TurnAccumulator(initial);
    let state = initial;
    for (const event of events) {
      accumulator.add(event);
      state = reduceTurn(state, event);
      assertEquals(accumulator.state, { ...state });
    }
    assertEquals(initial.items, []);
  });
}

Deno.test("TurnAccumulator continues from a given state without changing it", () => {
  const state = reduceTurn(
    initialTurnState(),
    itemCompleted(agentMessage("a", { id: "a" })),
  );
  const accumulator = new TurnAccumulator(state);
  accumulator.add(itemCompleted(agentMessage("b", { id: "b" })));
  assertEquals(accumulator.state.items.length, 2);
  assertEquals(state.items.length, 1);
  assertEquals(state.finalResponse, "a");
});

Deno.test("TurnAccumulator records diagnostics as noteDiagnostic does", () => {
  const accumulator = new TurnAccumulator(initialTurnState());
  let state = initialTurnState();
  for (let lineNumber = 1; lineNumber < 120; lineNumber++) {
    const diagnostic = {
      kind: "noise",
      lineNumber,
      path: "",
      message: "x",
    } as const;
    accumulator.addDiagnostic(diagnostic);
    state = noteDiagnostic(state, diagnostic);
  }
  assertEquals(accumulator.state.diagnostics, state.diagnostics);
});
