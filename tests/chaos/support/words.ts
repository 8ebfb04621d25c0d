/** The output of the fake CLIs of the chaos suite. @module */

import {
  completedEvents,
  completedTurn,
  type FakeStep,
  prints,
} from "../../../src/testing/fake.ts";
import { turnFailed } from "../../../src/testing/kit/build/events.ts";

const [THREAD, TURN, MESSAGE, END] = completedEvents("Hello");

/** The lines of the whole turn. */
export const LINES: readonly string[] = completedTurn("Hello");

/** The start of the thread and the turn. */
export const BEGIN: readonly FakeStep[] = [THREAD, TURN];

/** A message of the agent. */
export const ITEM: FakeStep = MESSAGE;

/** The completion of the turn. */
export const COMPLETED: FakeStep = END;

/** The same, without the line end. */
export const UNFLUSHED: FakeStep = prints(JSON.stringify(END));

/** The failure of the turn. */
export const FAILED: FakeStep = turnFailed("No luck");

/** An endless number of messages. */
export const CHATTER: FakeStep = prints(`${LINES[2]}\n`, {
  times: Infinity,
});

/** A line that begins like an object and is not valid JSON. */
export const BROKEN: FakeStep = 'line {"type": turn.started}';
