import { givenOptions } from "../options/given_options.ts";
import { ownThreadOptions } from "../options/check.ts";
import { mergedOptions } from "../options/merged_options.ts";
import type {
  Input,
  ReviewOptions,
  ThreadOptions,
  TurnOptions,
} from "../options/options.ts";
import type { Usage } from "../protocol/events.ts";
import type { TurnExplanation } from "../transport/explanation.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import { forkedThread, newThread } from "../turn/thread_state.ts";
import { StreamedTurn } from "../turn/streamed_turn.ts";
import type { Transport } from "../transport/transport.ts";
import type { Turn } from "../turn/turn.ts";
import { showAs } from "../util/show_as.ts";
import { ThreadTurns } from "./thread_turns.ts";

/**
 * A conversation with the agent, with any number of turns. Created by
 * {@linkcode Codex.startThread} and {@linkcode Codex.resumeThread}.
 *
 * Turns that are started at the same time run one after the other, in the order in
 * which they were started, because the CLI allows only one writer per thread.
 */
export class Thread {
  readonly #transport: Transport;
  readonly #options: ThreadOptions;
  readonly #turns: ThreadTurns;

  /** Creates a thread over a transport. Called by {@linkcode Codex}. */
  constructor(
    transport: Transport,
    options: ThreadOptions = {},
    turns: ThreadTurns = new ThreadTurns(options, newThread()),
  ) {
    this.#transport = transport;
    this.#options = options;
    this.#turns = turns;
    showAs(
      this,
      "Thread",
      () => ({ id: this.id, options: givenOptions(options) }),
    );
  }

  /**
   * The thread's id, a UUID. `null` until the CLI has opened the thread in its first turn,
   * and again if that turn ends before it has begun, because the CLI may not have saved
   * such a thread.
   */
  get id(): string | null {
    return this.#turns.id;
  }

  /**
   * The tokens that the thread has used so far: the total of all its turns. `null` while
   * unknown: before the first turn of a resumed thread, unless `usageBefore` is given, and
   * after a review or a turn that did not complete, until the next turn that does.
   */
  get usage(): Usage | null {
    return this.#turns.usage;
  }

  /**
   * Creates a thread that starts as a copy of this one. The CLI makes the copy in the new
   * thread's first turn, of what this thread holds by then; `id` is the copy's from then
   * on. The copy has this thread's options, overridden by those given.
   *
   * If this thread has not begun by then, the copy's first turn throws a
   * {@linkcode CodexInputError}.
   *
   * @throws {CodexInputError} If an option cannot be used.
   */
  fork(options: ThreadOptions = {}): Thread {
    const merged = mergedOptions(this.#options, ownThreadOptions(options));
    const copy = forkedThread(this.#turns.facts);
    const turns = new ThreadTurns(merged, copy);
    return makeThread(this.#transport, merged, turns);
  }

  /**
   * Runs a turn in which the agent reviews changes; its findings are the answer. With
   * `codex exec`, a review must be the first turn of a new thread. The turn's `usage` is
   * `null`, because the CLI does not report it.
   *
   * @param target The changes to review.
   * @throws {CodexInputError} If the target or an option cannot be used, or if the thread
   * has begun.
   * @throws {CodexError} Everything else that {@linkcode Thread.run} throws.
   *
   * @example Review uncommitted changes
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const thread = new Codex().startThread({ sandboxMode: "read-only" });
   * const turn = await thread.review({ uncommitted: true });
   * console.log(turn.finalResponse);
   * ```
   */
  async review(
    target: ReviewTarget,
    options: ReviewOptions = {},
  ): Promise<Turn> {
    const run = await this.#turns.prepareReview(
      target,
      options,
      this.#transport,
    );
    return await run.complete();
  }

  /**
   * Describes the process that `run()` would start with the same input and options, in the
   * thread's current state: the program, its arguments and its inputs. Starts and writes
   * nothing; does not ask the CLI for its version or call a function that returns a key.
   *
   * @param input The prompt: text, or texts and images.
   * @param options The options of the turn.
   * @throws {CodexError} Everything that {@linkcode Thread.run} throws before it starts the
   * CLI.
   * @throws {CodexUnsupportedOptionError} On a thread of `CodexAppServer`, whose turns do
   * not run in their own process.
   *
   * @example See what would run
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const thread = new Codex().startThread({ sandboxMode: "read-only" });
   * const { executable, argv } = await thread.explain("Summarize this repository");
   * console.log(executable, argv);
   * ```
   */
  async explain<T = unknown>(
    input: Input,
    options: TurnOptions<T> = {},
  ): Promise<TurnExplanation> {
    return await this.#turns.explain(input, options, this.#transport);
  }

  /**
   * Runs a turn to its end.
   *
   * @typeParam T The type that `outputType` parses the answer into.
   * @param input The prompt: text, or texts and images.
   * @param options The options of the turn, including a signal that cancels it.
   * @returns The completed turn.
   * @throws {CodexInputError} If the prompt or an option cannot be used; thrown before
   * anything is spawned.
   * @throws {CodexConfigError} If `config` cannot be sent; thrown before anything is
   * spawned.
   * @throws {CodexOutputSchemaError} If the output schema or type cannot be used; thrown
   * before anything is spawned.
   * @throws {CodexExecutableNotFoundError} If the CLI cannot be found.
   * @throws {CodexPermissionError} If the runtime denies a permission that the turn needs.
   * @throws {CodexExecError} If the CLI cannot be started, or exits with an error.
   * @throws {CodexThreadRunError} If the turn fails, or stops before it is complete.
   * @throws {CodexCancelledError} If the signal is aborted.
   * @throws {CodexTimeoutError} If the turn exceeds a time limit.
   *
   * @example Ask once
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const thread = new Codex().startThread({ sandboxMode: "read-only" });
   * const turn = await thread.run("Summarize this repository");
   * console.log(turn.finalResponse);
   * ```
   */
  async run<T = unknown>(
    input: Input,
    options: TurnOptions<T> = {},
  ): Promise<Turn<T>> {
    const run = await this.#turns.prepare(
      input,
      options,
      () => this.#transport,
    );
    return await run.complete();
  }

  /**
   * Prepares a turn that yields its events as the CLI prints them. The CLI starts when the
   * first event is requested.
   *
   * @typeParam T The type that `outputType` parses the answer into.
   * @param input The prompt: text, or texts and images.
   * @param options The options of the turn, including a signal that cancels it.
   * @returns The events, and the turn once all of them have been read.
   * @throws {CodexInputError} If the prompt or an option cannot be used. Everything else
   * that {@linkcode Thread.run} throws is thrown while the events are read.
   * @throws {CodexOutputSchemaError} If the output schema or type cannot be used.
   *
   * @example Watch the agent work
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const thread = new Codex().startThread({ sandboxMode: "workspace-write" });
   * const streamed = await thread.runStreamed("Fix the failing test");
   * for await (const event of streamed) {
   *   if (event.type === "item.completed") console.log(event.item);
   * }
   * console.log(streamed.result.finalResponse);
   * ```
   */
  async runStreamed<T = unknown>(
    input: Input,
    options: TurnOptions<T> = {},
  ): Promise<StreamedTurn<T>> {
    return new StreamedTurn(
      await this.#turns.prepare(
        input,
        options,
        () => this.#transport,
      ),
    );
  }
}

/** Creates a thread, without the class naming itself: bundlers would rename it. */
function makeThread(
  ...args: ConstructorParameters<typeof Thread>
): Thread {
  return new Thread(...args);
}
