/**
 * Declares behaviours: tests of `node:test`, each with a name, its own time limit and
 * a {@linkcode TestContext}. A behaviour fails if it leaves anything behind.
 *
 * @module
 */

import { appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import test from "node:test";
import { CLIENT, type Client, releaseClients } from "./client.ts";
import { temporaryFiles } from "../../../src/testing/temporary_files.ts";
import { checkLeftovers } from "./leftovers.ts";
import { describe, TestContext, within } from "./test_context.ts";
import { wait } from "../../../src/testing/waiting.ts";

/** The default time limit of a behaviour, in ms. */
const TIMEOUT_MS = 30_000;

/** The time limit of each step of the cleanup, in ms. */
const CLEAN_UP_MS = 15_000;

/** The text that a behaviour's name must contain to be run. */
const WANTED = process.env.CONFORMANCE_BEHAVIOUR?.toLowerCase();

// Deno does not report an error that a timer throws to the test: it would pass.
const uncaught: unknown[] = [];
process.on("uncaughtException", (error) => uncaught.push(error));
process.on("unhandledRejection", (error) => uncaught.push(error));

/** Options of a behaviour. */
export interface BehaviourOptions {
  /** Its time limit, in ms. */
  readonly timeoutMs?: number;
  /** The clients that it runs with. Default: all. */
  readonly clients?: readonly Client[];
}

/**
 * The clients over `codex exec`, for behaviours about its arguments, its stdin, its
 * exit, or a fake CLI that prints its events.
 */
export const EXEC: readonly Client[] = ["async", "sync"];

/** Declares a behaviour. The runner's table lists its result under its name. */
export function behaviour(
  name: string,
  body: (context: TestContext) => Promise<void>,
  { timeoutMs = TIMEOUT_MS, clients = [CLIENT] }: BehaviourOptions = {},
): void {
  const wanted = WANTED === undefined || name.toLowerCase().includes(WANTED);
  if (!wanted) return report({ type: "passed over", name });
  if (!clients.includes(CLIENT)) {
    return report({ type: "not applicable", name });
  }
  report({ type: "declared", name });
  // The limit of node:test is a fallback, for a loop that never yields.
  const timeout = timeoutMs + 2 * CLEAN_UP_MS;
  test(name, { timeout }, async () => {
    const start = Date.now();
    const errors = await runOne(body, timeoutMs);
    report({
      type: "result",
      name,
      ok: errors.length === 0,
      ms: Date.now() - start,
      errors: errors.map(describe),
    });
    if (errors.length > 0) throw errors[0];
  });
}

/** Runs a behaviour and cleans up after it; returns all errors of both. */
async function runOne(
  body: (context: TestContext) => Promise<void>,
  timeoutMs: number,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  const attempt = async (
    what: string,
    ms: number,
    action: () => Promise<unknown>,
  ): Promise<void> => {
    try {
      await within(ms, what, action());
    } catch (error) {
      errors.push(error);
    }
  };
  uncaught.length = 0;
  const before = temporaryFiles(tmpdir(), ["conformance-"]);
  const context = new TestContext();
  await attempt("the behaviour", timeoutMs, () => body(context));
  // Lets pending timers and callbacks throw now.
  await wait(5);
  // If a driver is still blocked, its turn still runs.
  await attempt("releasing the clients", CLEAN_UP_MS, releaseClients);
  await attempt(
    "looking for leftovers",
    CLEAN_UP_MS,
    () => checkLeftovers(context.folder),
  );
  await attempt("cleaning up", CLEAN_UP_MS, () => context.putAway());
  const left = temporaryFiles(tmpdir(), ["conformance-"])
    .filter((name) => !before.includes(name));
  if (left.length > 0) {
    errors.push(new Error(`Temporary files are left: ${left.join(", ")}`));
  }
  errors.push(
    ...uncaught.map((cause) => new Error("Uncaught in the host", { cause })),
  );
  return errors;
}

/** Writes a line for the runner, if a runner has started this process. */
function report(line: { [key: string]: unknown }): void {
  const path = process.env.CONFORMANCE_RESULTS;
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(line)}\n`);
}
