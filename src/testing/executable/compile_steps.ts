import { CodexInputError } from "../../errors/codex_error.ts";
import { NO_PROCESS_FACTS } from "../../errors/turn_facts.ts";
import type { StreamedEvent } from "../../protocol/deltas.ts";
import type { TurnEnding } from "../../transport/ending.ts";
import { NEW_THREAD } from "../../transport/origin.ts";
import type { TurnBatch, TurnRequest } from "../../transport/transport.ts";
import { numberedId } from "../kit/numbered_id.ts";
import { playTurn } from "../kit/play/play_turn.ts";
import type { PlayedStep } from "../kit/play/steps.ts";
import { toRaw } from "../kit/record/recording.ts";
import { checkStep } from "./check_step.ts";
import {
  type FakeExecutableStep,
  prints,
  type PrintStep,
} from "./executable_steps.ts";
import { printWords } from "./print_words.ts";
import { type ExecutableWord, STEPS_FILE, toLines } from "./words.ts";

/** What a fake executable goes by. */
export interface CompiledSteps {
  /** Its words, for its file of steps. */
  readonly words: readonly ExecutableWord[];
  /** The files beside it, by their names. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** The id of the thread of a run that resumes none. */
export const FAKE_THREAD_ID: string = numberedId(1);

/** The longest that a step hangs, in s: what nobody ends and nobody removes ends by itself. */
const MAX_HANG_SECONDS = 3600;

/** Stands for the id of the thread, which the program knows once it runs. */
const THREAD = "$THREAD";

/** What a step asks of a program that plays no step: nothing. */
const REQUEST: Omit<TurnRequest, "signal"> = {
  prompt: "",
  images: [],
  threadId: null,
  origin: NEW_THREAD,
  threadOptions: {},
  outputSchema: undefined,
  cyberAccessProgram: undefined,
};

/**
 * Maps steps to the words of a fake executable: the same ones for each run, or where there
 * is a list among them, one entry for each run.
 *
 * @throws {CodexInputError} For a step that is none.
 */
export async function compileSteps(
  steps: readonly (FakeExecutableStep | readonly FakeExecutableStep[])[],
): Promise<CompiledSteps> {
  if (!Array.isArray(steps)) {
    throw new CodexInputError(
      "steps must be an array of steps, or of arrays of steps, one for each run",
      { path: "steps" },
    );
  }
  const files = new Map<string, string | Uint8Array>();
  if (!steps.some(Array.isArray)) {
    const words = await new RunCompiler(files).compile(steps, "steps");
    return { words: ["record", ...words], files };
  }
  for (const [index, entry] of steps.entries()) {
    const words = await new RunCompiler(files).compile(
      Array.isArray(entry) ? entry : [entry],
      `steps[${index}]`,
    );
    files.set(`${STEPS_FILE}.${index + 1}`, toLines(words));
  }
  return { words: ["record", `runs ${steps.length}`], files };
}

/** Compiles the steps of one run; what they print is what the kit's player says. */
class RunCompiler {
  readonly #files: Map<string, string | Uint8Array>;
  readonly #words: ExecutableWord[] = [];
  /** What compiles a step that the player knows nothing of, by the batch that it hands on for it. */
  readonly #own = new Map<TurnBatch<StreamedEvent>, () => unknown>();

  /** Makes it for a run, whose files come to those of the others. */
  constructor(files: Map<string, string | Uint8Array>) {
    this.#files = files;
  }

  /** Compiles all steps; the path is that of their list. */
  async compile(
    steps: readonly FakeExecutableStep[],
    path: string,
  ): Promise<ExecutableWord[]> {
    steps.forEach((step, index) => checkStep(step, `${path}[${index}]`));
    const isReadLater = steps.some((step) =>
      "play" in step && step.play === "reads_stdin"
    );
    if (!isReadLater) this.#words.push("stdin");
    const stopped = new AbortController();
    const batches = playTurn(steps.map((step) => this.#toPlayed(step)), {
      request: { ...REQUEST, signal: stopped.signal },
      threadId: THREAD,
      isStrict: false,
      goesOn: true,
      addUsage: (share) => share,
      clock: {
        pause: (ms) => Promise.resolve(this.#pause(ms)),
        hang: () => {
          this.#words.push(`wait ${MAX_HANG_SECONDS}`);
          stopped.abort({ type: "aborted", reason: undefined });
          return Promise.resolve();
        },
      },
    });
    for (;;) {
      const next = await batches.next();
      if (next.done) {
        this.#end(next.value);
        return this.#words;
      }
      this.#take(next.value);
    }
  }

  /** Gives a step as the player knows it. */
  #toPlayed(step: FakeExecutableStep): PlayedStep {
    if (!("play" in step)) return step;
    switch (step.play) {
      case "prints":
        return this.#doing(() => this.#print(step));
      case "reads_stdin":
        return this.#doing(() => this.#words.push("stdin"));
      case "ignores_signal":
        return this.#doing(() =>
          this.#words.push(`ignore ${withoutPrefix(step.signal)}`)
        );
      default:
        return step;
    }
  }

  /** Makes a step of which the player gives the batch back when its place has come. */
  #doing(compile: () => unknown): PlayedStep {
    const batch: TurnBatch = { events: [], diagnostics: [] };
    this.#own.set(batch, compile);
    return { play: "batch", batch };
  }

  #take(batch: TurnBatch<StreamedEvent>): void {
    this.#own.get(batch)?.();
    for (const event of batch.events) {
      this.#words.push(
        event.type === "thread.started" && event.thread_id === THREAD
          ? `thread ${FAKE_THREAD_ID}`
          : `line ${JSON.stringify(toRaw(event))}`,
      );
    }
  }

  #pause(ms: number): void {
    // Longer ones look whether they are still wanted.
    const seconds = ms > 1000 ? Math.floor(ms / 1000) : 0;
    if (seconds > 0) this.#words.push(`wait ${seconds}`);
    const rest = ((ms - seconds * 1000) / 1000).toFixed(3);
    if (Number(rest) > 0) this.#words.push(`sleep ${rest as `${number}`}`);
  }

  #print(step: PrintStep): void {
    this.#words.push(...printWords(step, this.#files));
  }

  #end(ending: TurnEnding): void {
    if ("error" in ending) throw ending.error;
    const { exitCode, signal, stderr } = ending.process ?? NO_PROCESS_FACTS;
    this.#print(prints(stderr, { to: "stderr" }));
    if (signal !== null) this.#words.push(`die ${withoutPrefix(signal)}`);
    this.#words.push(`exit ${exitCode ?? 1}`);
  }
}

/** Gives a signal as `kill -s` and `trap` know it. */
function withoutPrefix(signal: string): string {
  return signal.replace(/^SIG/, "");
}
