import { checkAbortSignal, ownTurnOptions } from "../options/check.ts";
import { normalizeInput } from "../input/normalize_input.ts";
import type { Input, ThreadOptions, TurnOptions } from "../options/options.ts";
import { OPTION_TABLES, type OptionTables } from "../options/table.ts";
import { structuredOutput } from "../output/structured_output.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import { NO_USAGE } from "../turn/usage.ts";
import type { ThreadState } from "../turn/thread_state.ts";
import type { Transport } from "../transport/transport.ts";
import { planTurn } from "../turn/plan_turn.ts";
import { TurnRun } from "../turn/run_turn.ts";
import { SerialQueue } from "../util/serial_queue.ts";

/** Prepares the turns of one thread, which run in the order in which they were begun. */
export class ThreadTurns {
  readonly #options: ThreadOptions;
  readonly #state: ThreadState;
  readonly #preparing = new SerialQueue();
  readonly #tables: OptionTables;

  /**
   * Makes the turns of a thread; `id` is `null` for a new one.
   *
   * @param tables The options that its turns take.
   */
  constructor(
    options: ThreadOptions,
    id: string | null,
    tables: OptionTables = OPTION_TABLES,
  ) {
    this.#options = options;
    this.#tables = tables;
    this.#state = {
      id,
      // What a thread that is resumed has used before is not known (facts F5).
      usage: id === null ? NO_USAGE : null,
      queue: new SerialQueue(),
    };
  }

  /** The thread's id; `null` until it has been opened. */
  get id(): string | null {
    return this.#state.id;
  }

  /**
   * Checks everything that can be checked before a turn's place has come.
   *
   * @param toTransport Gives the way to the CLI, for the turn's options.
   */
  async prepare<T, E extends StreamedEvent, O extends TurnOptions<T>>(
    input: Input,
    given: O & TurnOptions<T>,
    toTransport: (options: O) => Transport<E>,
  ): Promise<TurnRun<T, E>> {
    const options = ownTurnOptions(given, checkAbortSignal, this.#tables);
    const transport = toTransport(options);
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
      transport,
      output,
      signal: options.signal ?? undefined,
    });
  }
}
