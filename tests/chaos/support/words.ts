/** What the CLIs of the chaos suite print. @module */

import {
  completedTurn,
  type FakeStep,
  print,
} from "../../../src/testing/fake.ts";

/** The whole turn that the words are parts of. */
export const LINES: readonly string[] = completedTurn("Hello");

/** The thread and the turn start. */
export const BEGIN: readonly FakeStep[] = print(...LINES.slice(0, 2));

/** A message of the agent. */
export const ITEM: FakeStep = `line ${LINES[2]}`;

/** The turn goes well. */
export const COMPLETED: FakeStep = `line ${LINES[3]}`;

/** The same, without the line's end. */
export const UNFLUSHED: FakeStep = `text ${LINES[3]}`;

/** The turn fails. */
export const FAILED: FakeStep =
  'line {"type":"turn.failed","error":{"message":"No luck"}}';

/** Messages without end. */
export const CHATTER: FakeStep = `repeat forever ${LINES[2]}`;

/** A line that begins as an object and is none. */
export const BROKEN: FakeStep = 'line {"type": turn.started}';
