import { givenOptions } from "../options/given_options.ts";
import type { Input, ThreadOptions, TurnOptions } from "../options/options.ts";
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
  readonly #turns: ThreadTurns;

  /** Makes a thread over a transport; {@linkcode Codex} does. */
  constructor(
    transport: Transport,
    options: ThreadOptions = {},
    id: string | null = null,
    turns: ThreadTurns = new ThreadTurns(options, id),
  ) {
    this.#transport = transport;
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
