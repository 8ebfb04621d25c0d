/**
 * How the rows of the table of endings are written down.
 *
 * @module
 */

import type { FakeSteps } from "../../../src/testing/fake.ts";
import { type ChaosTurn, drain, type Ending, GRACE_MS } from "./ending.ts";

/** SIGINT, SIGTERM and SIGKILL, each with its grace. */
export const LADDER_MS = 3 * GRACE_MS;

/** What is left by a CLI that has exited gets SIGTERM and SIGKILL. */
export const SWEEP_MS = 2 * GRACE_MS;

/** The limits on time that the rows set, in ms. */
export const LIMIT_MS = 300;

/** Where nothing has been started, there is nothing to wait for. */
export const AT_ONCE_MS = 100;

const run = (turn: ChaosTurn): Promise<unknown> => turn.run();

/** Aborts while the CLI is at work. */
export async function abort(turn: ChaosTurn): Promise<string> {
  const streamed = await turn.until("turn.started");
  turn.abort();
  return await drain(streamed);
}

/** Aborts while the CLI is at work, a moment later: what it has started is there by then. */
async function abortLater(turn: ChaosTurn): Promise<string> {
  const streamed = await turn.until("item.completed");
  turn.abort();
  return await drain(streamed);
}

/** A row in which the CLI decides. */
export function ends(
  name: string,
  steps: FakeSteps,
  outcome: string,
  bound: number,
  rest: Partial<Ending> = {},
): Ending {
  return { name, steps, outcome, bound, take: run, ...rest };
}

/** A row in which a CLI that would go on is aborted. */
export function aborted(
  name: string,
  steps: FakeSteps,
  bound: number,
  rest: Partial<Ending> = {},
): Ending {
  const outcome = "ABORT_ERR";
  return { name, steps, outcome, bound, take: abortLater, ...rest };
}
