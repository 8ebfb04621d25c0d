import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import type { ThreadEvent } from "../../src/protocol/events.ts";
import type { ThreadItem } from "../../src/protocol/items.ts";
import {
  initialTurnState,
  noteDiagnostic,
  reduceTurn,
  type TurnState,
} from "../../streams.ts";
import { fixtureEvents, fixtureNames } from "../stream/support.ts";

function said(text: string): ThreadEvent {
  return {
    type: "item.completed",
    item: { id: text, type: "agent_message", text },
  };
}

function texts(state: TurnState): string[] {
  return state.items.map((item) =>
    item.type === "agent_message" ? item.text : ""
  );
}

for (const name of fixtureNames()) {
  Deno.test(`reduceTurn leaves every earlier state unchanged, over the recorded stream ${name}`, async () => {
    const { events } = await fixtureEvents(name);
    const states: TurnState[] = [initialTurnState()];
    const copies: string[] = [JSON.stringify(states[0])];
    for (const event of events) {
      const eventBefore = JSON.stringify(event);
      const next = reduceTurn(states.at(-1) ?? initialTurnState(), event);
      assertEquals(JSON.stringify(event), eventBefore);
      states.push(next);
      copies.push(JSON.stringify(next));
    }
    assertEquals(states.map((state) => JSON.stringify(state)), copies);
    assert(new Set(copies).size > 2);
  });

  Deno.test(`reduceTurn continues from a state that was stored as JSON, cloned or spread, over the recorded stream ${name}`, async () => {
    const { events } = await fixtureEvents(name);
    const expected = events.reduce(reduceTurn, initialTurnState());
    const copies: ((state: TurnState) => TurnState)[] = [
      (state) => JSON.parse(JSON.stringify(state)),
      (state) => structuredClone(state),
      (state) => ({ ...state }),
    ];
    for (const copy of copies) {
      const state = events.reduce(
        (state, event) => reduceTurn(copy(state), event),
        initialTurnState(),
      );
      assertEquals(JSON.stringify(state), JSON.stringify(expected));
    }
  });
}

Deno.test("reduceTurn derives two states from one without sharing their items", () => {
  const base = reduceTurn(initialTurnState(), said("base"));
  const left = reduceTurn(base, said("left"));
  const right = reduceTurn(base, said("right"));
  const leftLater = reduceTurn(left, said("left later"));
  const rightLater = reduceTurn(right, said("right later"));
  assertEquals(texts(base), ["base"]);
  assertEquals(texts(left), ["base", "left"]);
  assertEquals(texts(right), ["base", "right"]);
  assertEquals(texts(leftLater), ["base", "left", "left later"]);
  assertEquals(texts(rightLater), ["base", "right", "right later"]);
  assertEquals(base.finalResponse, "base");
});

Deno.test("TurnState.items returns the caller's own array", () => {
  const state = reduceTurn(initialTurnState(), said("a"));
  const items = state.items as ThreadItem[];
  items.push({ id: "x", type: "reasoning", text: "put in" });
  assertEquals(texts(state), ["a"]);
  assertNotStrictEquals(state.items, items);
  assertEquals(texts(reduceTurn(state, said("b"))), ["a", "b"]);
});

Deno.test("reduceTurn and noteDiagnostic do not change a frozen plain state", () => {
  const plain: TurnState = JSON.parse(JSON.stringify(initialTurnState()));
  Object.freeze(plain);
  Object.freeze(plain.items);
  Object.freeze(plain.warnings);
  Object.freeze(plain.diagnostics);
  let state = reduceTurn(plain, said("a"));
  state = reduceTurn(state, { type: "error", message: "no" });
  state = noteDiagnostic(state, {
    kind: "noise",
    lineNumber: 1,
    path: "",
    message: "x",
  });
  assertEquals(texts(state), ["a"]);
  assertEquals([state.warnings, state.diagnostics.length], [["no"], 1]);
  assertEquals(texts(plain), []);
});

Deno.test("reduceTurn handles 300,000 items, which would never end if each copied those before it", () => {
  const event = said("x");
  let state = initialTurnState();
  for (let index = 0; index < 300_000; index++) {
    state = reduceTurn(state, event);
  }
  assertEquals(state.items.length, 300_000);
});
