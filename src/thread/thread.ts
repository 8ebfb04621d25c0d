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
 * A conversation with the agent, of any number of turns. Made by
 * {@linkcode Codex.startThread} and {@linkcode Codex.resumeThread}.
 *
 * Turns that are begun at the same time run one after the other, in the order in
 * which they were begun: the CLI allows a thread one writer.
 */
export class Thread {
  readonly #transport: Transport;
  readonly #options: ThreadOptions;
  readonly #turns: ThreadTurns;

  /** Makes a thread over a transport; {@linkcode Codex} does. */
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
   * The thread's id, a UUID; `null` until the CLI has opened the thread in its first
   * turn, and again if that turn ends before it has begun: the CLI may not have
   * written such a thread down.
   */
  get id(): string | null {
    return this.#turns.id;
  }

  /**
   * The tokens that the thread has used so far: the total of all its turns. `null` where
   * it is not known: before the first turn of a thread that goes on, unless `usageBefore`
   * says it, and after a turn that did not complete, or a review, until the next that does.
   */
  get usage(): Usage | null {
    return this.#turns.usage;
  }

  /**
   * Makes a thread that begins as a copy of this one, as far as this one has come by then:
   * the copy is made in its first turn, and `id` is the copy's from then on. It has this
   * thread's options, with those given on top.
   *
   * A thread that has not begun shows in the copy's first turn, as a
   * {@linkcode CodexInputError}.
   *
   * @throws {CodexInputError} For an option that cannot be used.
   */
  fork(options: ThreadOptions = {}): Thread {
    const merged = mergedOptions(this.#options, ownThreadOptions(options));
    const copy = forkedThread(this.#turns.facts);
    const turns = new ThreadTurns(merged, copy);
    return makeThread(this.#transport, merged, turns);
  }

  /**
   * Has the agent review changes, in a turn of its own; its findings are the answer. Under
   * `codex exec` it is the first turn of a new thread, or is refused. The turn's `usage` is
   * `null`: the CLI does not tell it.
   *
   * @param target What to review.
   * @throws {CodexInputError} For a target or an option that cannot be used, or where the
   * thread has begun.
   * @throws {CodexError} What else {@linkcode Thread.run} throws.
   *
   * @example Review what has not been committed
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
   * Tells what `run()` would start with the same input and options, as the thread is now:
   * the program, its arguments, and what goes with them. Nothing is started, written or
   * asked for: not the CLI for its version, and no function that gives a key.
   *
   * @param input The prompt: text, or texts and images.
   * @param options What the turn would ask for.
   * @throws {CodexError} What {@linkcode Thread.run} throws before it starts the CLI.
   * @throws {CodexUnsupportedOptionError} On a thread of `CodexAppServer`, whose turns
   * are no processes of their own.
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
   * @typeParam T What `outputType` reads the answer as.
   * @param input The prompt: text, or texts and images.
   * @param options What the turn asks for, and a signal that cancels it.
   * @returns The completed turn.
   * @throws {CodexInputError} Before anything is spawned, for a prompt or an option
   * that cannot be used.
   * @throws {CodexConfigError} Likewise, for a `config` that cannot be sent.
   * @throws {CodexOutputSchemaError} Likewise, for an output schema or type.
   * @throws {CodexExecutableNotFoundError} If the CLI is found nowhere.
   * @throws {CodexPermissionError} If the runtime forbids what the turn needs.
   * @throws {CodexExecError} If the CLI cannot be started, or ends badly.
   * @throws {CodexThreadRunError} If the turn fails, or stops half-way.
   * @throws {CodexCancelledError} If the signal is aborted.
   * @throws {CodexTimeoutError} If a limit on the turn's time is passed.
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
   * Prepares a turn whose events are handed out as the CLI prints them. The CLI
   * starts when the first event is asked for.
   *
   * @typeParam T What `outputType` reads the answer as.
   * @param input The prompt: text, or texts and images.
   * @param options What the turn asks for, and a signal that cancels it.
   * @returns The events, and the turn once they have been taken.
   * @throws {CodexInputError} For a prompt or an option that cannot be used. What
   * else {@linkcode Thread.run} throws comes out of the events.
   * @throws {CodexOutputSchemaError} For an output schema or type.
   *
   * @example Watch the agent work
   * ```ts
   * import { Codex } from "@acodex/sdk";
   *
   * const thread = new Codex().startThread();
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

/** Makes a thread. A class that named itself would have another name in a bundle. */
function makeThread(
  ...args: ConstructorParameters<typeof Thread>
): Thread {
  return new Thread(...args);
}
