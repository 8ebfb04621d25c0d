import { normalizeInput } from "../input/normalize_input.ts";
import type { Input } from "../options/options.ts";
import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadEvent } from "../protocol/events.ts";
import { currentRuntime } from "../runtime/current.ts";
import type { TurnRun } from "../turn/run_turn.ts";
import { StreamedTurn } from "../turn/streamed_turn.ts";
import { type LiveTurn, notRunning } from "./turn/live_turn.ts";
import { placeImages } from "./turn/place_elsewhere.ts";

/**
 * A streamed turn that can be steered and interrupted while it runs.
 *
 * @example Print the text as it arrives, and stop after 10 seconds
 * ```ts
 * import { CodexAppServer } from "@acodex/sdk/app-server";
 *
 * const codex = new CodexAppServer();
 * const thread = codex.startThread({ sandboxMode: "read-only" });
 * const streamed = await thread.runStreamed("Tell me a story", {
 *   deltas: true,
 * });
 * setTimeout(() => streamed.interrupt().catch(() => {}), 10_000);
 * try {
 *   for await (const event of streamed.events) {
 *     if (event.type === "item.delta") console.log(event.delta);
 *   }
 * } finally {
 *   await codex.close();
 * }
 * ```
 */
export class ServerStreamedTurn<
  T = unknown,
  E extends StreamedEvent = ThreadEvent,
> extends StreamedTurn<T, E> {
  readonly #run: TurnRun<T, E>;
  readonly #live: LiveTurn;

  /** Creates a streamed turn. Called by {@linkcode ServerThread}. */
  constructor(run: TurnRun<T, E>, live: LiveTurn) {
    super(run);
    this.#run = run;
    this.#live = live;
  }

  /**
   * Adds input to the running turn. An answer that the model is writing is cut off, and its
   * item never completes.
   *
   * @throws {CodexRequestError} With code `turn_not_running`, before the server has started
   * the turn and once it is over.
   * @throws {CodexInputError} If the input cannot be used.
   */
  async steer(input: Input): Promise<void> {
    const { prompt, images } = await normalizeInput(input);
    const placed = await placeImages(currentRuntime(), images);
    await this.#live.steer({ prompt, images: placed });
  }

  /**
   * Ends the turn and the commands that it runs; the thread can be continued. The events
   * end with a {@linkcode CodexInterruptedError}. Resolves once nothing of the turn is
   * running.
   *
   * @throws {CodexRequestError} With code `turn_not_running`, once the turn is over.
   */
  async interrupt(): Promise<void> {
    const { isOver, mayRepair } = this.#run;
    if (isOver || this.#live.isOver && !mayRepair) {
      throw notRunning("turn/interrupt");
    }
    this.#run.interrupt();
    await this.#live.whenSettled();
  }
}
