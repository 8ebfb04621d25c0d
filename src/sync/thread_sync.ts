import { CodexInputError } from "../errors/codex_error.ts";
import {
  ownReviewOptions,
  ownThreadOptions,
  ownTurnOptions,
} from "../options/check.ts";
import { givenOptions } from "../options/given_options.ts";
import { normalizeInputSync } from "../input/normalize_input.ts";
import type {
  CodexOptions,
  ImageSource,
  ThreadOptions,
  TurnOptions,
  UserInput,
} from "../options/options.ts";
import { structuredOutputSync } from "../output/structured_output.ts";
import { entryModule } from "../runtime/entry_module.ts";
import type { Usage } from "../protocol/events.ts";
import { readReview } from "../input/review_target.ts";
import { mergedOptions } from "../options/merged_options.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import {
  forkedThread,
  newThread,
  type ThreadFacts,
} from "../turn/thread_state.ts";
import { showAs } from "../util/show_as.ts";
import { planTurn, type TurnTask } from "../turn/plan_turn.ts";
import type { Turn } from "../turn/turn.ts";
import { type BlockingThreadState, BlockingTurn } from "./blocking_turn.ts";
import { CancelFlag } from "./cancel_flag.ts";
import {
  plainCodexOptions,
  plainThreadOptions,
  SYNC_OPTION_TABLES,
} from "./plain_options.ts";
import { requireZodCore } from "./require_zod_core.ts";
import { StreamedTurnSync } from "./streamed_turn_sync.ts";

/** Options of a turn of the blocking client: {@linkcode TurnOptions} without tools, and with a flag as `signal`. */
export interface TurnOptionsSync<T = unknown>
  extends Omit<TurnOptions<T>, "signal" | "tools" | "toolTimeoutMs"> {
  /**
   * Cancels the turn from another thread. An `AbortSignal` does not work here: nothing can
   * abort it while its thread is blocked.
   */
  signal?: CancelFlag | undefined;
}

/** Options of a review by the blocking client. */
export interface ReviewOptionsSync
  extends Pick<TurnOptionsSync, "signal" | "timeoutMs" | "idleTimeoutMs"> {}

/** An {@linkcode ImageSource} except a `Blob`, which cannot be read synchronously. */
export type ImageSourceSync = Exclude<ImageSource, Blob>;

/** One part of a prompt of the blocking client. */
export type UserInputSync =
  | Exclude<UserInput, { type: "image" }>
  | {
    /** Tells images in memory from those on disk. */
    type: "image";
    /** The image; a string is a `data:` URL. It is in a private file while the turn runs. */
    image: ImageSourceSync;
  };

/** A prompt of the blocking client: a string, or a list of texts and images. */
export type InputSync = string | UserInputSync[];

/**
 * A conversation with the agent, of any number of turns, in blocking calls. Created by
 * {@linkcode CodexSync.startThread} and {@linkcode CodexSync.resumeThread}.
 *
 * Its turns are the same as those of the asynchronous client's `Thread`, and run on a
 * worker thread while this one waits. It runs one turn at a time: beginning a turn in the
 * loop over the events of another one throws a {@linkcode CodexInputError}.
 */
export class ThreadSync {
  readonly #codexOptions: CodexOptions;
  readonly #options: ThreadOptions;
  readonly #state: BlockingThreadState;

  /** Creates a thread; see {@linkcode CodexSync.startThread}. */
  constructor(
    codexOptions: CodexOptions,
    options: ThreadOptions = {},
    facts: ThreadFacts = newThread(),
  ) {
    this.#codexOptions = codexOptions;
    this.#options = options;
    this.#state = { ...facts, busy: false };
    showAs(
      this,
      "ThreadSync",
      () => ({ id: this.id, options: givenOptions(options) }),
    );
  }

  /**
   * The thread's id, a UUID; `null` until the CLI has opened the thread in its first
   * turn, and again if that turn ends before it has begun.
   */
  get id(): string | null {
    return this.#state.id;
  }

  /**
   * The tokens that the thread has used so far, in all its turns; `null` if that is not
   * known; see `Thread.usage`.
   */
  get usage(): Usage | null {
    return this.#state.usage;
  }

  /**
   * Creates a thread that begins as a copy of this one, with this thread's options,
   * overridden by the given ones. The copy is made in its first turn, of this thread as it
   * is then; `id` is the copy's from then on.
   *
   * @throws {CodexInputError} For an invalid option.
   */
  fork(options: ThreadOptions = {}): ThreadSync {
    return makeThread(
      this.#codexOptions,
      mergedOptions(
        this.#options,
        ownThreadOptions(options, SYNC_OPTION_TABLES),
      ),
      forkedThread(this.#state),
    );
  }

  /**
   * Makes the agent review changes, as the first turn of a new thread; the answer holds its
   * findings. The turn's `usage` is `null`, as the CLI does not report it.
   *
   * @param target The changes to review.
   * @throws {CodexInputError} For an invalid target or option, or if the thread has begun.
   * @throws {CodexError} The errors that {@linkcode ThreadSync.run} throws.
   */
  review(target: ReviewTarget, options: ReviewOptionsSync = {}): Turn {
    const asked = readReview(target);
    const { signal, ...own } = ownReviewOptions(options, checkFlag);
    return this.#plan(asked, own, signal).complete();
  }

  /**
   * Runs a turn to its end, and blocks the calling thread meanwhile.
   *
   * @typeParam T The type that `outputType` parses the answer to.
   * @param input The prompt: a string, or a list of texts and images.
   * @param options Options of the turn, and a flag that cancels it.
   * @returns The completed turn.
   * @throws {CodexInputError} Before the CLI is started, for an invalid prompt or option,
   * or if another turn of the thread has not ended.
   * @throws {CodexConfigError} Likewise, for a `config` that cannot be sent.
   * @throws {CodexOutputSchemaError} Likewise, for an invalid output schema or type.
   * @throws {CodexExecutableNotFoundError} If the CLI is not found.
   * @throws {CodexPermissionError} If the runtime denies a permission that the turn needs.
   * @throws {CodexExecError} If the CLI cannot be started, or exits with an error.
   * @throws {CodexThreadRunError} If the turn fails, or stops before it is complete.
   * @throws {CodexCancelledError} If the flag is set.
   * @throws {CodexTimeoutError} If the turn exceeds a time limit.
   *
   * @example Run a single turn
   * ```ts
   * import { CodexSync } from "@acodex/sdk/sync";
   *
   * const thread = new CodexSync().startThread({ sandboxMode: "read-only" });
   * const turn = thread.run("Summarize this repository");
   * console.log(turn.finalResponse);
   * ```
   */
  run<T = unknown>(
    input: InputSync,
    options: TurnOptionsSync<T> = {},
  ): Turn<T> {
    return this.#prepare(input, options).complete();
  }

  /**
   * Prepares a turn whose events you receive as the CLI prints them. The CLI starts when
   * the first event is requested.
   *
   * @typeParam T The type that `outputType` parses the answer to.
   * @param input The prompt: a string, or a list of texts and images.
   * @param options Options of the turn, and a flag that cancels it.
   * @returns The events, and the turn once they have been read.
   * @throws {CodexInputError} For an invalid prompt or option. The other errors of
   * {@linkcode ThreadSync.run} are thrown by the events.
   * @throws {CodexOutputSchemaError} For an invalid output schema or type.
   *
   * @example Print what the agent does
   * ```ts
   * import { CodexSync } from "@acodex/sdk/sync";
   *
   * const thread = new CodexSync().startThread({ sandboxMode: "workspace-write" });
   * const streamed = thread.runStreamed("Fix the failing test");
   * for (const event of streamed) {
   *   if (event.type === "item.completed") console.log(event.item);
   * }
   * console.log(streamed.result.finalResponse);
   * ```
   */
  runStreamed<T = unknown>(
    input: InputSync,
    options: TurnOptionsSync<T> = {},
  ): StreamedTurnSync<T> {
    return new StreamedTurnSync(this.#prepare(input, options));
  }

  /** Checks everything that can be checked before the turn begins. */
  #prepare<T>(
    input: InputSync,
    given: TurnOptionsSync<T>,
  ): BlockingTurn<T> {
    const { signal, ...options } = ownTurnOptions(
      given,
      checkFlag,
      SYNC_OPTION_TABLES,
    );
    return this.#plan(normalizeInputSync(input), options, signal);
  }

  #plan<T>(
    asked: TurnTask,
    options: Omit<TurnOptions<T>, "signal">,
    signal: CancelFlag | undefined,
  ): BlockingTurn<T> {
    const output = structuredOutputSync(options, requireZodCore);
    return new BlockingTurn(
      this.#state,
      () => ({
        options: plainCodexOptions(this.#codexOptions),
        programFile: entryModule() ?? null,
        ...planTurn(
          asked,
          plainThreadOptions(this.#options),
          options,
          output,
        ),
        cancel: signal?.buffer,
      }),
      output,
    );
  }
}

/** Rejects a `signal` that cannot cancel a turn of a blocked thread. */
function checkFlag(signal: unknown): void {
  if (signal instanceof CancelFlag) return;
  throw new CodexInputError(
    signal instanceof AbortSignal
      ? "signal must be a CancelFlag: an AbortSignal cannot be aborted while its thread is blocked; use timeoutMs for a limit, and CancelFlag.fromSignal on another thread"
      : "signal must be a CancelFlag",
    { path: "signal" },
  );
}

/** Creates a thread. A class that refers to itself would get another name in a bundle. */
function makeThread(
  ...args: ConstructorParameters<typeof ThreadSync>
): ThreadSync {
  return new ThreadSync(...args);
}
