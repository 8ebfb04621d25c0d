import { parseCliVersion } from "../cli/cli_version.ts";
import { API_KEY } from "../cli/env.ts";
import type {
  ChildEnvironment,
  Runtime,
  SpawnCommand,
} from "../runtime/types.ts";
import { CodexProcess, type ProcessOptions } from "./process.ts";
import { TOOL_TOKEN } from "./tool_settings.ts";
import { withDeadline } from "../util/deadline.ts";

/** The time limit for the CLI to report its version, in milliseconds; it takes 10. */
const MAX_ANSWER_MS = 5000;

/** The maximum length of the output that is read, in characters. */
const MAX_LENGTH = 16_384;

/** The maximum number of programs that are remembered. */
const MAX_PROGRAMS = 100;

/** A program that was asked for its version, and its answer. */
interface AskedProgram {
  /** The answer; `undefined` if the probe was ended before it. */
  readonly answer: Promise<string | null | undefined>;
  /** The answer once it has arrived; `undefined` until then. */
  version: string | null | undefined;
}

/** The programs that were asked, by path. */
const ASKED = new Map<string, AskedProgram>();

/**
 * Returns the version that a program has reported; `null` if it could not be read,
 * `undefined` if the program was not asked or has not answered yet.
 */
export function knownVersion(program: string): string | null | undefined {
  return ASKED.get(program)?.version;
}

/** Options for ending the process of a probe. */
type VersionOptions = Pick<ProcessOptions, "graceMs" | "endWithHost">;

/** A probe that asks the CLI for its version. */
export interface VersionProbe {
  /**
   * The version; `null` if it cannot be read, as with a wrapper or a replacement. Never
   * rejects.
   */
  readonly result: Promise<string | null>;
  /**
   * Ends the probe if it is still running; resolves when nothing of it is left.
   *
   * @param waitMs The time that the program has to answer before that, in milliseconds;
   * one that does not is not asked again. Without it, the program may be asked again
   * later.
   */
  end(waitMs?: number): Promise<void>;
}

/**
 * Returns a probe that shares the running or finished one of a program, or asks the
 * program.
 */
export function askVersionOnce(
  ...question: ConstructorParameters<typeof OwnProbe>
): VersionProbe {
  const asked = ASKED.get(question[1].program);
  return asked === undefined
    ? askVersion(...question)
    : new SharedProbe(asked.answer, () => askVersionOnce(...question));
}

/** Asks a program even if it was asked before: it may have been updated. */
export function askVersion(
  ...question: ConstructorParameters<typeof OwnProbe>
): VersionProbe {
  return new OwnProbe(...question);
}

/**
 * One run of `codex --version`; its answer is kept for all turns unless the probe is
 * ended before.
 */
class OwnProbe implements VersionProbe {
  readonly result: Promise<string | null>;
  #process: CodexProcess | undefined;
  #isEnded = false;

  constructor(
    runtime: Runtime,
    command: SpawnCommand,
    options: VersionOptions,
  ) {
    const { program } = command;
    const read = readVersion(runtime, command, options, (process) => {
      this.#process = process;
      return !this.#isEnded;
    }).catch(() => null);
    const answer = read.then((version) => {
      // A probe that was ended proves nothing about the program, unless it got an answer
      // anyway.
      if (version !== null || !this.#isEnded) return asked.version = version;
      // Before the answer is delivered, since its receiver then asks again.
      if (ASKED.get(program) === asked) ASKED.delete(program);
      return undefined;
    });
    const asked: AskedProgram = { answer, version: undefined };
    if (ASKED.size >= MAX_PROGRAMS) ASKED.clear();
    ASKED.set(program, asked);
    this.result = answer.then((version) => version ?? null);
  }

  async end(waitMs = 0): Promise<void> {
    if (waitMs > 0) await withDeadline(this.result, waitMs);
    else this.#isEnded = true;
    await this.#process?.end();
    await this.result;
  }
}

/**
 * A probe that waits for another turn's probe, which that turn ends; if it ends it early,
 * the program is asked again.
 */
class SharedProbe implements VersionProbe {
  readonly result: Promise<string | null>;
  #next: VersionProbe | undefined;
  #isEnded = false;

  constructor(
    answer: Promise<string | null | undefined>,
    askAnew: () => VersionProbe,
  ) {
    this.result = answer.then((version) => {
      if (version !== undefined) return version;
      if (this.#isEnded) return null;
      this.#next = askAnew();
      return this.#next.result;
    });
  }

  async end(waitMs?: number): Promise<void> {
    this.#isEnded = true;
    await this.#next?.end(waitMs);
  }
}

/**
 * Runs `codex --version` with a time limit.
 *
 * @param goesOn Receives the process, and tells whether its answer is still wanted.
 * @returns The version; `null` if it cannot be read, as with a wrapper or a replacement.
 * @throws {CodexError} If the program cannot be started.
 */
export async function readVersion(
  runtime: Runtime,
  command: SpawnCommand,
  options: VersionOptions,
  goesOn: (asked: CodexProcess) => boolean = () => true,
): Promise<string | null> {
  const process = await CodexProcess.start(
    runtime,
    { ...command, args: ["--version"], env: withoutKeys(command.env) },
    "",
    options,
  );
  const timer = setTimeout(() => process.end(), MAX_ANSWER_MS);
  try {
    if (!goesOn(process)) return null;
    const printed = await readText(process);
    if (printed === undefined) return null;
    const { exitCode } = await process.finish();
    return exitCode === 0 ? parseCliVersion(printed) : null;
  } finally {
    clearTimeout(timer);
    await process.end();
    await process.close({ orphans: "end" });
  }
}

/** Removes variables that only a turn needs. */
function withoutKeys(env: ChildEnvironment): ChildEnvironment {
  const { [API_KEY]: _, [TOOL_TOKEN]: __, ...set } = env.set;
  return { ...env, set };
}

/** Reads the output of a process; returns `undefined` if it is too long. */
async function readText(process: CodexProcess): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const chunk = await process.read();
    if (chunk === undefined) return text;
    text += decoder.decode(chunk, { stream: true });
    process.freeChunk(chunk);
    if (text.length > MAX_LENGTH) return undefined;
  }
}
