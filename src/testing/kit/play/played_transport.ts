import type { TurnEnding } from "../../../transport/ending.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
} from "../../../transport/transport.ts";
import { playTurn } from "./play_turn.ts";
import { PlayedThreads } from "./played_threads.ts";
import { type PlayedScript, ScriptReader } from "./script.ts";
import type { PlayedTurn } from "./steps.ts";
import { batchWithoutDeltas } from "./batch_without_deltas.ts";

/** A transport whose turns are played: no process, no file, no network. */
export class PlayedTransport implements Transport {
  /** The script, with the requests so far. */
  readonly script: ScriptReader<PlayedTurn>;
  /** The threads so far. */
  readonly threads: PlayedThreads = new PlayedThreads();
  readonly #isStrict: boolean;

  /** Creates a transport; nothing is played before the first turn. */
  constructor(script: PlayedScript, isStrict: boolean) {
    this.script = new ScriptReader(script);
    this.#isStrict = isStrict;
  }

  /** Plays a turn; see {@linkcode Transport.runTurn}. */
  async *runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch, TurnEnding, void> {
    const { turn } = await this.script.next(request);
    const threadId = this.threads.open(request);
    const batches = playTurn(turn, {
      request,
      threadId,
      isStrict: this.#isStrict,
      addUsage: (share) => this.threads.add(threadId, share),
    });
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      yield batchWithoutDeltas(next.value);
    }
  }

  /** Returns the text unchanged: a script holds no secrets. */
  redact(text: string): string {
    return text;
  }
}
