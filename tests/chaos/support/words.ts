/** What the CLIs of the chaos suite print. @module */

import {
  completedEvents,
  completedTurn,
  type FakeStep,
  prints,
} from "../../../src/testing/fake.ts";
import { turnFailed } from "../../../src/testing/kit/build/events.ts";

const [THREAD, TURN, MESSAGE, END] = completedEvents("Hello");

/** The whole turn that the words are parts of. */
export const LINES: readonly string[] = completedTurn("Hello");

/** The thread and the turn start. */
export const BEGIN: readonly FakeStep[] = [THREAD, TURN];

/** A message of the agent. */
export const ITEM: FakeStep = MESSAGE;

/** The turn goes well. */
export const COMPLETED: FakeStep = END;

/** The same, without the line's end. */
export const UNFLUSHED: FakeStep = prints(JSON.stringify(END));

/** The turn fails. */
export const FAILED: FakeStep = turnFailed("No luck");

/** Messages without end. */
export const CHATTER: FakeStep = prints(`${LINES[2]}\n`, {
  times: Infinity,
});

/** A line that begins as an object and is none. */
export const BROKEN: FakeStep = 'line {"type": turn.started}';
