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

/** Options of a turn of the blocking client: those of {@linkcode TurnOptions} but for tools, with a flag for a signal. */
export interface TurnOptionsSync<T = unknown>
  extends Omit<TurnOptions<T>, "signal" | "tools" | "toolTimeoutMs"> {
  /**
   * Cancels the turn, from another thread. An `AbortSignal` cannot: nothing aborts
   * it while its thread is blocked.
   */
  signal?: CancelFlag;
}

/** Options of a review by the blocking client. */
export interface ReviewOptionsSync
  extends Pick<TurnOptionsSync, "signal" | "timeoutMs" | "idleTimeoutMs"> {}

/** An image that need not be a file, but for a `Blob`, which cannot be read without waiting. */
export type ImageSourceSync = Exclude<ImageSource, Blob>;

/** One part of a prompt of the blocking client. */
export type UserInputSync =
  | Exclude<UserInput, { type: "image" }>
  | {
    /** Tells images from memory from those on disk. */
    type: "image";
    /** The image; a string is a `data:` URL. It is written to a private file for as long as the turn runs. */
    image: ImageSourceSync;
  };

/** A prompt of the blocking client: text, or texts and images. */
export type InputSync = string | UserInputSync[];

/**
 * A conversation with the agent, of any number of turns, in blocking calls. Made by
 * {@linkcode CodexSync.startThread} and {@linkcode CodexSync.resumeThread}.
 *
 * Its turns are those of the asynchronous client's `Thread`, run by a worker thread
 * while this one waits. One turn at a time: a turn that is begun in the loop over
 * the events of another one is refused with a {@linkcode CodexInputError}.
 */
export class ThreadSync {
  readonly #codexOptions: CodexOptions;
  readonly #options: ThreadOptions;
  readonly #state: BlockingThreadState;

  /** Makes a thread for a client's options; {@linkcode CodexSync} does. */
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
   * The tokens that the thread has used so far: the total of all its turns. `null` where
   * it is not known; see `Thread.usage`.
   */
  get usage(): Usage | null {
    return this.#state.usage;
  }

  /**
   * Makes a thread that begins as a copy of this one, as far as this one has come by then:
   * the copy is made in its first turn, and `id` is the copy's from then on. It has this
   * thread's options, with those given on top.
   *
   * @throws {CodexInputError} For an option that cannot be used.
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
   * Has the agent review changes, as the first turn of a new thread; its findings are the
   * answer. The turn's `usage` is `null`: the CLI does not tell it.
   *
   * @param target What to review.
   * @throws {CodexInputError} For a target or an option that cannot be used, or where the
   * thread has begun.
   * @throws {CodexError} What else {@linkcode ThreadSync.run} throws.
   */
  review(target: ReviewTarget, options: ReviewOptionsSync = {}): Turn {
    const asked = readReview(target);
    const { signal, ...own } = ownReviewOptions(options, checkFlag);
    return this.#plan(asked, own, signal).complete();
  }

  /**
   * Runs a turn to its end; the thread that calls it does nothing else meanwhile.
   *
   * @typeParam T What `outputType` reads the answer as.
   * @param input The prompt: text, or texts and images.
   * @param options What the turn asks for, and a flag that cancels it.
   * @returns The completed turn.
   * @throws {CodexInputError} Before anything is spawned, for a prompt or an option
   * that cannot be used, or another turn of the thread that has not ended.
   * @throws {CodexConfigError} Likewise, for a `config` that cannot be sent.
   * @throws {CodexOutputSchemaError} Likewise, for an output schema or type.
   * @throws {CodexExecutableNotFoundError} If the CLI is found nowhere.
   * @throws {CodexPermissionError} If the runtime forbids what the turn needs.
   * @throws {CodexExecError} If the CLI cannot be started, or ends badly.
   * @throws {CodexThreadRunError} If the turn fails, or stops half-way.
   * @throws {CodexCancelledError} If the flag is set.
   * @throws {CodexTimeoutError} If a limit on the turn's time is passed.
   *
   * @example Ask once
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
   * Prepares a turn whose events are handed out as the CLI prints them. The CLI
   * starts when the first event is asked for.
   *
   * @typeParam T What `outputType` reads the answer as.
   * @param input The prompt: text, or texts and images.
   * @param options What the turn asks for, and a flag that cancels it.
   * @returns The events, and the turn once they have been taken.
   * @throws {CodexInputError} For a prompt or an option that cannot be used. What
   * else {@linkcode ThreadSync.run} throws comes out of the events.
   * @throws {CodexOutputSchemaError} For an output schema or type.
   *
   * @example Watch the agent work
   * ```ts
   * import { CodexSync } from "@acodex/sdk/sync";
   *
   * const thread = new CodexSync().startThread();
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

/** Refuses what cannot cancel a turn of a blocked thread. */
function checkFlag(signal: unknown): void {
  if (signal instanceof CancelFlag) return;
  throw new CodexInputError(
    signal instanceof AbortSignal
      ? "signal must be a CancelFlag: an AbortSignal cannot be aborted while its thread is blocked; use timeoutMs for a limit, and CancelFlag.fromSignal on another thread"
      : "signal must be a CancelFlag",
    { path: "signal" },
  );
}

/** Makes a thread. A class that named itself would have another name in a bundle. */
function makeThread(
  ...args: ConstructorParameters<typeof ThreadSync>
): ThreadSync {
  return new ThreadSync(...args);
}
