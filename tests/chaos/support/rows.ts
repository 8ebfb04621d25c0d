/**
 * Builders and time bounds for the rows of the table of endings.
 *
 * @module
 */

import type { FakeSteps } from "../../../src/testing/fake.ts";
import { type ChaosTurn, drain, type Ending, GRACE_MS } from "./ending.ts";

/** The time for SIGINT, SIGTERM and SIGKILL, each with its grace, in ms. */
export const LADDER_MS = 3 * GRACE_MS;

/** The time for SIGTERM and SIGKILL to end what an exited CLI has left, in ms. */
export const SWEEP_MS = 2 * GRACE_MS;

/** The time limits that the rows set on turns, in ms. */
export const LIMIT_MS = 300;

/** The bound of a turn that has started nothing to wait for, in ms. */
export const AT_ONCE_MS = 100;

const run = (turn: ChaosTurn): Promise<unknown> => turn.run();

/** Aborts while the CLI runs. */
export async function abort(turn: ChaosTurn): Promise<string> {
  const streamed = await turn.until("turn.started");
  turn.abort();
  return await drain(streamed);
}

/** Aborts later in the turn, once the processes that the CLI starts are running. */
async function abortLater(turn: ChaosTurn): Promise<string> {
  const streamed = await turn.until("item.completed");
  turn.abort();
  return await drain(streamed);
}

/** Builds a row in which the CLI ends the turn. */
export function ends(
  name: string,
  steps: FakeSteps,
  outcome: string,
  bound: number,
  rest: Partial<Ending> = {},
): Ending {
  return { name, steps, outcome, bound, take: run, ...rest };
}

/** Builds a row in which a CLI that would not exit is aborted. */
export function aborted(
  name: string,
  steps: FakeSteps,
  bound: number,
  rest: Partial<Ending> = {},
): Ending {
  const outcome = "ABORT_ERR";
  return { name, steps, outcome, bound, take: abortLater, ...rest };
}
