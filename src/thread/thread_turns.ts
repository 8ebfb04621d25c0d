import {
  checkAbortSignal,
  ownReviewOptions,
  ownTurnOptions,
} from "../options/check.ts";
import { CodexUnsupportedOptionError } from "../errors/codex_error.ts";
import { CodexCancelledError } from "../errors/turn_errors.ts";
import { normalizeInput } from "../input/normalize_input.ts";
import { readReview } from "../input/review_target.ts";
import type {
  Input,
  ReviewOptions,
  ThreadOptions,
  TurnOptions,
} from "../options/options.ts";
import { OPTION_TABLES, type OptionTables } from "../options/table.ts";
import { structuredOutput } from "../output/structured_output.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent, Usage } from "../protocol/events.ts";
import {
  nextBeginning,
  type ThreadFacts,
  type ThreadState,
} from "../turn/thread_state.ts";
import type { TurnExplanation } from "../transport/explanation.ts";
import type { ReviewTarget } from "../transport/origin.ts";
import type { Transport } from "../transport/transport.ts";
import { planTurn, type TurnTask } from "../turn/plan_turn.ts";
import { TurnRun } from "../turn/run_turn.ts";
import { SerialQueue } from "../util/serial_queue.ts";

/** Prepares the turns of one thread, which run in the order in which they were started. */
export class ThreadTurns {
  readonly #options: ThreadOptions;
  readonly #state: ThreadState;
  readonly #preparing = new SerialQueue();
  readonly #tables: OptionTables;

  /**
   * Creates the turns of a thread.
   *
   * @param tables The options that its turns accept.
   */
  constructor(
    options: ThreadOptions,
    thread: ThreadFacts,
    tables: OptionTables = OPTION_TABLES,
  ) {
    this.#options = options;
    this.#tables = tables;
    this.#state = { ...thread, queue: new SerialQueue() };
  }

  /** The thread's id; `null` until it has been opened. */
  get id(): string | null {
    return this.#state.id;
  }

  /** The thread's token total so far; `null` if unknown. */
  get usage(): Usage | null {
    return this.#state.usage;
  }

  /** The live facts about the thread, for a copy that is made later. */
  get facts(): Pick<ThreadFacts, "id" | "usage"> {
    return this.#state;
  }

  /**
   * Checks everything that can be checked before it is the turn's time to run.
   *
   * @param toTransport Returns the transport for the turn's options.
   */
  async prepare<T, E extends StreamedEvent, O extends TurnOptions<T>>(
    input: Input,
    given: O & TurnOptions<T>,
    toTransport: (options: O) => Transport<E>,
  ): Promise<TurnRun<T, E>> {
    const options = ownTurnOptions(given, checkAbortSignal, this.#tables);
    return await this.#planned(
      normalizeInput(input, options.signal ?? undefined),
      options,
      toTransport,
    );
  }

  /** Checks a turn that is explained, in the thread's current state. */
  async explain<T>(
    input: Input,
    given: TurnOptions<T>,
    transport: Transport,
  ): Promise<TurnExplanation> {
    if (transport.explain === undefined) {
      throw new CodexUnsupportedOptionError(
        "explain() is not supported here: it shows how codex exec would be started, and a turn of this client does not start a process",
        { path: "explain" },
      );
    }
    const options = ownTurnOptions(given, checkAbortSignal, this.#tables);
    const [asked, output] = await Promise.all([
      normalizeInput(input),
      structuredOutput(options),
    ]);
    const { request } = planTurn(asked, this.#options, options, output);
    const explanation = await transport.explain({
      ...request,
      threadId: this.#state.id,
      origin: nextBeginning(this.#state).origin,
    });
    const warnings = [...output.warnings ?? [], ...explanation.warnings];
    return {
      ...explanation,
      warnings: warnings.map((warning) => transport.redact(warning)),
    };
  }

  /** Checks a turn that reviews; see {@linkcode ThreadTurns.prepare}. */
  async prepareReview(
    given: ReviewTarget,
    options: ReviewOptions,
    transport: Transport,
  ): Promise<TurnRun<unknown>> {
    return await this.#preparePlain(readReview(given), options, transport);
  }

  /** Checks a turn that shortens the thread's history; see {@linkcode ThreadTurns.prepare}. */
  async prepareCompaction(
    options: ReviewOptions,
    transport: Transport,
  ): Promise<TurnRun<unknown>> {
    return await this.#preparePlain(
      { prompt: "", images: [], compact: true },
      options,
      transport,
    );
  }

  async #preparePlain(
    asked: TurnTask,
    options: ReviewOptions,
    transport: Transport,
  ): Promise<TurnRun<unknown>> {
    return await this.#planned<unknown, ThreadEvent, TurnOptions>(
      Promise.resolve(asked),
      ownReviewOptions(options),
      () => transport,
    );
  }

  async #planned<T, E extends StreamedEvent, O extends TurnOptions<T>>(
    asking: Promise<TurnTask>,
    options: O & TurnOptions<T>,
    toTransport: (options: O) => Transport<E>,
  ): Promise<TurnRun<T, E>> {
    const transport = toTransport(options);
    const preparing = Promise.all([
      unlessAborted(asking),
      structuredOutput(options),
    ]);
    // It may fail while earlier turns are still being prepared, before anything awaits it.
    preparing.catch(() => {});
    // A turn that takes longer to prepare is not overtaken by a later one: turns run in the
    // order in which they were started, since a thread has one writer (facts F9).
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

/** The input of a turn that was aborted before its input was read. */
const NO_INPUT: TurnTask = { prompt: "", images: [] };

/** Waits for a turn's input; the turn itself reports that it was aborted meanwhile. */
async function unlessAborted(asking: Promise<TurnTask>): Promise<TurnTask> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof CodexCancelledError) return NO_INPUT;
    throw error;
  }
}
