/**
 * The context of a behaviour: its folder, and its cleanup functions.
 *
 * @module
 */

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { until as ask } from "../../../src/testing/waiting.ts";

export { wait as pause, within } from "../../../src/testing/waiting.ts";

/** The folder and the cleanup functions of one behaviour. */
export class TestContext {
  /** The behaviour's folder; its path marks the processes that belong to the behaviour. */
  readonly folder: string = mkdtempSync(
    join(realpathSync(tmpdir()), "conformance-"),
  );
  readonly #duties: (() => unknown)[] = [];

  /** Returns a path in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** The environment of every process that the behaviour starts: only PATH and its mark. */
  get env(): { [name: string]: string } {
    return {
      PATH: process.env.PATH ?? "",
      CONFORMANCE_MARK: this.folder,
    };
  }

  /** Adds a function to call when the behaviour is over; the last one added runs first. */
  after(duty: () => unknown): void {
    this.#duties.push(duty);
  }

  /** Calls all cleanup functions, even if one of them fails, and removes the folder. */
  async putAway(): Promise<void> {
    const errors: unknown[] = [];
    for (const duty of this.#duties.reverse()) {
      try {
        await duty();
      } catch (error) {
        errors.push(error);
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    if (errors.length > 0) throw errors[0];
  }
}

/** Waits until a condition holds, checking every few milliseconds. */
export async function until(
  what: string,
  holds: () => boolean,
  ms?: number,
): Promise<void> {
  await ask(what, () => holds() || undefined, ms);
}

/** Describes an error and its causes as text. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Not an error: ${String(error)}`;
  const stack = error.stack ?? "";
  const text = stack.includes(error.message)
    ? stack
    : `${error.name}: ${error.message}\n${stack}`;
  return error.cause === undefined
    ? text
    : `${text}\nCaused by: ${describe(error.cause)}`;
}
