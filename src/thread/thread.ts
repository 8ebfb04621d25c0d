import { ownTurnOptions } from "../options/check.ts";
import { normalizeInput } from "../input/normalize_input.ts";
import type { Input, ThreadOptions, TurnOptions } from "../options/options.ts";
import { structuredOutput } from "../output/structured_output.ts";
import { StreamedTurn } from "../turn/streamed_turn.ts";
import { NO_USAGE } from "../turn/usage.ts";
import type { ThreadState } from "../turn/thread_state.ts";
import type { Transport } from "../transport/transport.ts";
import type { Turn } from "../turn/turn.ts";
import { planTurn } from "../turn/plan_turn.ts";
import { TurnRun } from "../turn/run_turn.ts";
import { SerialQueue } from "../util/serial_queue.ts";

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
  readonly #state: ThreadState;
  readonly #preparing = new SerialQueue();

  /** Makes a thread over a transport; {@linkcode Codex} does. */
  constructor(
    transport: Transport,
    options: ThreadOptions = {},
    id: string | null = null,
  ) {
    this.#transport = transport;
    this.#options = options;
    this.#state = {
      id,
      // What a thread that is resumed has used before is not known (facts F5).
      usage: id === null ? NO_USAGE : null,
      queue: new SerialQueue(),
    };
  }

  /**
   * The thread's id, a UUID; `null` until the CLI has opened the thread in its first
   * turn, and again if that turn ends before it has begun: the CLI may not have
   * written such a thread down.
   */
  get id(): string | null {
    return this.#state.id;
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
    return await (await this.#prepare(input, options)).complete();
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
   * await using streamed = await thread.runStreamed("Fix the failing test");
   * for await (const event of streamed.events) {
   *   if (event.type === "item.completed") console.log(event.item);
   * }
   * console.log(streamed.result.finalResponse);
   * ```
   */
  async runStreamed<T = unknown>(
    input: Input,
    options: TurnOptions<T> = {},
  ): Promise<StreamedTurn<T>> {
    return new StreamedTurn(await this.#prepare(input, options));
  }

  /** Checks everything that can be checked before a turn's place has come. */
  async #prepare<T>(
    input: Input,
    given: TurnOptions<T>,
  ): Promise<TurnRun<T>> {
    const options = ownTurnOptions(given);
    const preparing = Promise.all([
      normalizeInput(input),
      structuredOutput(options),
    ]);
    // It may fail before those before it are prepared, when nobody waits for it yet.
    preparing.catch(() => {});
    // A turn that takes longer to prepare is not overtaken by a later one: turns run in
    // the order in which they were begun, since a thread has one writer (facts F9).
    const [asked, output] = await this.#preparing.run(() => preparing);
    return new TurnRun({
      ...planTurn(asked, this.#options, options, output),
      thread: this.#state,
      transport: this.#transport,
      output,
      signal: options.signal ?? undefined,
    });
  }
}
