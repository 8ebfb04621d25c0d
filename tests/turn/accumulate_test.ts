import { assertEquals } from "@std/assert";
import { initialTurnState, reduceTurn } from "../../streams.ts";
import { noteDiagnostic } from "../../src/turn/reduce.ts";
import { TurnTally } from "../../src/turn/accumulate.ts";
import { fixtureEvents, fixtureNames } from "../stream/support.ts";

for (const name of fixtureNames()) {
  Deno.test(`TurnTally comes to what reduceTurn comes to after each event of the recorded stream ${name}`, async () => {
    const { events } = await fixtureEvents(name);
    const initial = initialTurnState();
    const tally = new TurnTally(initial);
    let state = initial;
    for (const event of events) {
      tally.take(event);
      state = reduceTurn(state, event);
      assertEquals({ ...tally }, { ...state });
    }
    assertEquals(initial.items, []);
  });
}

Deno.test("TurnTally goes on from a state, which stays as it is", () => {
  const state = reduceTurn(initialTurnState(), {
    type: "item.completed",
    item: { id: "a", type: "agent_message", text: "a" },
  });
  const tally = new TurnTally(state);
  tally.take({
    type: "item.completed",
    item: { id: "b", type: "agent_message", text: "b" },
  });
  assertEquals(tally.items.length, 2);
  assertEquals(state.items.length, 1);
  assertEquals(state.finalResponse, "a");
});

Deno.test("TurnTally notes what reduceTurn's noteDiagnostic notes", () => {
  const tally = new TurnTally(initialTurnState());
  let state = initialTurnState();
  for (let lineNumber = 1; lineNumber < 120; lineNumber++) {
    const diagnostic = {
      kind: "noise",
      lineNumber,
      path: "",
      message: "x",
    } as const;
    tally.note(diagnostic);
    state = noteDiagnostic(state, diagnostic);
  }
  assertEquals(tally.diagnostics, state.diagnostics);
});
