/**
 * Runs checks, and prints one line for each.
 *
 * @module
 */

import { say } from "../../print.ts";

/** One check. */
export interface Check {
  /** What is checked. */
  title: string;
  /** Returns what was found; throws if it does not hold. */
  run: () => Promise<string>;
}

/** Thrown by a check that cannot be made here; the message says what it lacks. */
export class Skipped extends Error {
  /** The class's name. */
  override readonly name = "Skipped";
}

/** How the checks ended. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs the checks, some at a time, and counts. */
export async function runChecks(
  checks: readonly Check[],
  atOnce: number = navigator.hardwareConcurrency,
): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...checks];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      outcome[await runCheck(check)] += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, work));
  return outcome;
}

async function runCheck({ title, run }: Check): Promise<keyof Outcome> {
  const begun = performance.now();
  const print = (word: string, detail: string): void => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    say(`${word}  ${seconds.padStart(5)} s  ${title}: ${detail}`);
  };
  try {
    print("ok  ", await run());
    return "passed";
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Skipped) {
      print("SKIP", message);
      return "skipped";
    }
    print("FAIL", message.trimEnd().replaceAll("\n", "\n      "));
    return "failed";
  }
}
