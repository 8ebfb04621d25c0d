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

/** How long the CLI may take to tell its version, in ms: it takes 10. */
const MAX_ANSWER_MS = 5000;

/** The most that is read of what it prints, in characters. */
const MAX_LENGTH = 16_384;

/** The most programs that are remembered. */
const MAX_PROGRAMS = 100;

/** What a program was asked, and what it told. */
interface Asked {
  /** What it tells; `undefined` if the question was ended before. */
  readonly answer: Promise<string | null | undefined>;
  /** What it told; `undefined` until then. */
  told: string | null | undefined;
}

/** The programs that were asked, by their paths. */
const ASKED = new Map<string, Asked>();

/**
 * Gives the version that a program has told, `null` where it could not be read; `undefined`
 * where it was not asked, or has not told yet.
 */
export function toldVersion(program: string): string | null | undefined {
  return ASKED.get(program)?.told;
}

/** How the process of a question is ended, and whether with the host. */
type VersionOptions = Pick<ProcessOptions, "graceMs" | "endWithHost">;

/** A question to the CLI for its version. */
export interface VersionProbe {
  /** The version; `null` where it cannot be read, as with a wrapper or a stand-in. Never fails. */
  readonly result: Promise<string | null>;
  /**
   * Ends it, if it has not come to its end; nothing of it is left then.
   *
   * @param waitMs The time that it gets before, in ms: a program that tells nothing in it
   * is not asked again. Without it, whether it would have told anything stays open.
   */
  end(waitMs?: number): Promise<void>;
}

/** Gives what is asked of a program already, or asks it. */
export function askVersionOnce(
  ...question: ConstructorParameters<typeof OwnProbe>
): VersionProbe {
  const asked = ASKED.get(question[1].program);
  return asked === undefined
    ? askVersion(...question)
    : new SharedProbe(asked.answer, () => askVersionOnce(...question));
}

/** Asks a program, also if it was asked before: it may have been updated. */
export function askVersion(
  ...question: ConstructorParameters<typeof OwnProbe>
): VersionProbe {
  return new OwnProbe(...question);
}

/** One run of `codex --version`, whose answer is kept for all turns unless it is ended before. */
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
      // One that was ended tells nothing of the program, unless it has answered all the same.
      if (version !== null || !this.#isEnded) return asked.told = version;
      // Before anybody hears of it, who then asks anew.
      if (ASKED.get(program) === asked) ASKED.delete(program);
      return undefined;
    });
    const asked: Asked = { answer, told: undefined };
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

/** The question of another turn, which sees to its end; it is asked anew if that turn ends it. */
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
 * Runs `codex --version`, in bounded time.
 *
 * @param goesOn Is told of the process, and says whether its answer is still wanted.
 * @returns The version; `null` where it cannot be read, as with a wrapper or a stand-in.
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

/** Leaves out what only a turn needs. */
function withoutKeys(env: ChildEnvironment): ChildEnvironment {
  const { [API_KEY]: _, [TOOL_TOKEN]: __, ...set } = env.set;
  return { ...env, set };
}

/** Reads what a process prints; gives `undefined` for what is too long. */
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
