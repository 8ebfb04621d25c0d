import type { FakeExecutableStep } from "./executable_steps.ts";
import { compileSteps } from "./compile_steps.ts";

/** A run of a fake executable, with its arguments and input. */
export interface FakeExecutableRun {
  /** Its number, from 1. */
  readonly number: number;
  /** Its arguments, without the program. */
  readonly argv: readonly string[];
  /** The text of stdin; `null` until it was read to its end. */
  readonly stdin: string | null;
  /** The names of its environment variables, sorted; their values are not kept. */
  readonly environmentNames: readonly string[];
  /** The folder that it was started in, with symbolic links resolved. */
  readonly workingDirectory: string;
}

/** A program that follows a list of steps; created by {@linkcode writeFakeExecutable}. */
export interface FakeExecutable extends AsyncDisposable {
  /** The program: an absolute path, for `codexPathOverride` or for code that starts it. */
  readonly path: string;
  /** The runs so far, in the order in which they began; read from disk each time until it is removed. */
  readonly requests: readonly FakeExecutableRun[];
  /** Removes the program and its files; a run that waits or hangs exits within a second. */
  remove(): Promise<void>;
}

/**
 * Writes a program that replaces the `codex` CLI, for code that starts the CLI itself. It
 * prints its steps as `codex exec --experimental-json` does, and records its arguments and
 * input. Items, events, `usage()`, `pause()`, `failure()`, `hang()`, `exits()` and
 * `threadRejected()` mean the same as in a played turn; if no step ends a run, it completes
 * its turn. Steps after the event that decides the turn run, too.
 *
 * It is a POSIX shell script, which starts in a few milliseconds and needs only the system's
 * own programs. On Windows, which cannot spawn a script, it is a program compiled by
 * `bun build --compile`.
 *
 * @param steps The steps of every run; or, with a list among them, one entry for each run,
 * and a run beyond their end fails.
 * @returns The program; remove it when you are done.
 * @throws {CodexInputError} For a step that a program cannot do; `path` names it.
 * @throws {CodexEnvironmentError} If it cannot be written; on Windows also without Bun
 * 1.3.3 or newer on PATH or as the runtime.
 *
 * @example A client that starts the program
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import { agentMessage, pause, writeFakeExecutable } from "@acodex/sdk/testing";
 *
 * const fake = await writeFakeExecutable([pause(20), agentMessage("Done")]);
 * try {
 *   const codex = new Codex({ codexPathOverride: fake.path });
 *   const thread = codex.startThread({ skipGitRepoCheck: true });
 *   console.log((await thread.run("Fix the test")).finalResponse); // Done
 *   console.log(fake.requests[0]?.stdin); // Fix the test
 * } finally {
 *   await fake.remove();
 * }
 * ```
 */
export async function writeFakeExecutable(
  steps: readonly (FakeExecutableStep | readonly FakeExecutableStep[])[],
): Promise<FakeExecutable> {
  const compiled = await compileSteps(steps);
  // Loaded late, as it needs modules that tests with played turns do not.
  const { installFake } = await import("./install_fake.ts");
  return await installFake(compiled);
}
