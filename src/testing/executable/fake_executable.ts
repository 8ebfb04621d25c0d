import type { FakeExecutableStep } from "./executable_steps.ts";
import { compileSteps } from "./compile_steps.ts";

/** A run of a fake executable, and what it was asked. */
export interface FakeExecutableRun {
  /** Its number, from 1. */
  readonly number: number;
  /** Its arguments, without the program. */
  readonly argv: readonly string[];
  /** What came on stdin; `null` until it was read to its end. */
  readonly stdin: string | null;
  /** The names of its variables, sorted; their values are not kept. */
  readonly environmentNames: readonly string[];
  /** The folder that it was started in, links resolved. */
  readonly workingDirectory: string;
}

/** A program that does as its steps say; made by {@linkcode writeFakeExecutable}. */
export interface FakeExecutable extends AsyncDisposable {
  /** The program: an absolute path, for `codexPathOverride` or for code that starts it. */
  readonly path: string;
  /** The runs so far, in the order in which they began; read anew each time, and kept once it is removed. */
  readonly requests: readonly FakeExecutableRun[];
  /** Removes it, with all that it has noted; a run that waits or hangs exits within a second. */
  remove(): Promise<void>;
}

/**
 * Writes a program that stands for the `codex` CLI, for code that starts it by itself: it
 * prints what its steps say, as `codex exec --experimental-json` does, and notes what it
 * was asked. Items, events, `usage()`, `pause()`, `failure()`, `hang()`, `exits()` and
 * `threadRefused()` mean what they mean in a played turn; a run that no step ends completes
 * its turn. Steps after the event that decides it are done, too.
 *
 * It is a script for the POSIX shell, which starts in a few milliseconds and needs nothing
 * but the system's own programs. On Windows, which starts no script, `bun build --compile`
 * makes a program of it.
 *
 * @param steps The steps of every run; or where there is a list among them, an entry for
 * each run, and a run beyond their end fails.
 * @returns The program; remove it in the end.
 * @throws {CodexInputError} For a step that no program can do, with `path` for which.
 * @throws {CodexEnvironmentError} If it cannot be written; on Windows also without Bun
 * 1.3.3 or newer, on PATH or as the runtime.
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
  // Loaded late: it starts processes, and a test that plays turns does not.
  const { installFake } = await import("./install_fake.ts");
  return await installFake(compiled);
}
