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
import { printInstructions } from "./print_instructions.ts";
import {
  type ExecutableInstruction,
  STEPS_FILE,
  toLines,
} from "./instructions.ts";

/** The instructions of a fake executable. */
export interface CompiledSteps {
  /** The instructions for its file of steps. */
  readonly instructions: readonly ExecutableInstruction[];
  /** The files next to it, by name. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** The thread id of a run that does not resume a thread. */
export const FAKE_THREAD_ID: string = numberedId(1);

/** The longest that a step hangs, in s, so that a program that nobody ends exits after all. */
const MAX_HANG_SECONDS = 3600;

/** A placeholder for the thread's id, which only the running program knows. */
const THREAD = "$THREAD";

/** The request for the player; no step depends on it. */
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
 * Maps steps to the instructions of a fake executable. Without a nested list, all steps are for
 * every run; with one, each entry is for one run.
 *
 * @throws {CodexInputError} For an invalid step.
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
    const instructions = await new RunCompiler(files).compile(steps, "steps");
    return { instructions: ["record", ...instructions], files };
  }
  for (const [index, entry] of steps.entries()) {
    const instructions = await new RunCompiler(files).compile(
      Array.isArray(entry) ? entry : [entry],
      `steps[${index}]`,
    );
    files.set(`${STEPS_FILE}.${index + 1}`, toLines(instructions));
  }
  return { instructions: ["record", `runs ${steps.length}`], files };
}

/** Compiles the steps of one run; the kit's player determines what they print. */
class RunCompiler {
  readonly #files: Map<string, string | Uint8Array>;
  readonly #instructions: ExecutableInstruction[] = [];
  /** The compilers of steps that the player does not know, by the batch that the player hands on. */
  readonly #own = new Map<TurnBatch<StreamedEvent>, () => unknown>();

  /** Creates a compiler for one run, which adds its files to those of the other runs. */
  constructor(files: Map<string, string | Uint8Array>) {
    this.#files = files;
  }

  /** Compiles all steps; `path` is the path of their list. */
  async compile(
    steps: readonly FakeExecutableStep[],
    path: string,
  ): Promise<ExecutableInstruction[]> {
    steps.forEach((step, index) => checkStep(step, `${path}[${index}]`));
    const isReadLater = steps.some((step) =>
      "play" in step && step.play === "reads_stdin"
    );
    if (!isReadLater) this.#instructions.push("stdin");
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
          this.#instructions.push(`wait ${MAX_HANG_SECONDS}`);
          stopped.abort({ type: "aborted", reason: undefined });
          return Promise.resolve();
        },
      },
    });
    for (;;) {
      const next = await batches.next();
      if (next.done) {
        this.#end(next.value);
        return this.#instructions;
      }
      this.#take(next.value);
    }
  }

  /** Converts a step to one that the player knows. */
  #toPlayed(step: FakeExecutableStep): PlayedStep {
    if (!("play" in step)) return step;
    switch (step.play) {
      case "prints":
        return this.#doing(() => this.#print(step));
      case "reads_stdin":
        return this.#doing(() => this.#instructions.push("stdin"));
      case "ignores_signal":
        return this.#doing(() =>
          this.#instructions.push(`ignore ${withoutPrefix(step.signal)}`)
        );
      default:
        return step;
    }
  }

  /** Creates a step that makes the player hand back a batch, at which `compile` is called. */
  #doing(compile: () => unknown): PlayedStep {
    const batch: TurnBatch = { events: [], diagnostics: [] };
    this.#own.set(batch, compile);
    return { play: "batch", batch };
  }

  #take(batch: TurnBatch<StreamedEvent>): void {
    this.#own.get(batch)?.();
    for (const event of batch.events) {
      this.#instructions.push(
        event.type === "thread.started" && event.thread_id === THREAD
          ? `thread ${FAKE_THREAD_ID}`
          : `line ${JSON.stringify(toRaw(event))}`,
      );
    }
  }

  #pause(ms: number): void {
    // Longer waits are checked every second for whether the fake was removed.
    const seconds = ms > 1000 ? Math.floor(ms / 1000) : 0;
    if (seconds > 0) this.#instructions.push(`wait ${seconds}`);
    const rest = ((ms - seconds * 1000) / 1000).toFixed(3);
    if (Number(rest) > 0) {
      this.#instructions.push(`sleep ${rest as `${number}`}`);
    }
  }

  #print(step: PrintStep): void {
    this.#instructions.push(...printInstructions(step, this.#files));
  }

  #end(ending: TurnEnding): void {
    if ("error" in ending) throw ending.error;
    const { exitCode, signal, stderr } = ending.process ?? NO_PROCESS_FACTS;
    this.#print(prints(stderr, { to: "stderr" }));
    if (signal !== null) {
      this.#instructions.push(`die ${withoutPrefix(signal)}`);
    }
    this.#instructions.push(`exit ${exitCode ?? 1}`);
  }
}

/** Returns a signal's name for `kill -s` and `trap`. */
function withoutPrefix(signal: string): string {
  return signal.replace(/^SIG/, "");
}
