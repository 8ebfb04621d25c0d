import type { ServerResponse } from "node:http";
import { encodeEvent, toWireEvents } from "./event_stream.ts";
import type { HttpReply, ModelReply, StreamReply } from "./model_reply.ts";
import type { OpenRecord } from "./recorded_request.ts";

/** One request being answered: sends the reply, and sets the outcome on the record. */
export class Exchange {
  readonly #response: ServerResponse;
  readonly #record: OpenRecord;
  readonly #onOver: () => void;
  readonly #aborted = new AbortController();

  /**
   * Begins to watch a response.
   *
   * @param response The response to write to.
   * @param record The record of the request.
   * @param onOver Called once, when the outcome is set on the record.
   */
  constructor(
    response: ServerResponse,
    record: OpenRecord,
    onOver: () => void,
  ) {
    this.#response = response;
    this.#record = record;
    this.#onOver = onOver;
    response.once("finish", () => this.#settle("answered"));
    response.once("close", () => this.#settle("client-gone"));
    // A client that disconnects during a write is an outcome, not an error.
    response.on("error", () => this.#settle("client-gone"));
  }

  /** `true` once the outcome is known: nobody waits for an answer any more. */
  get isOver(): boolean {
    return this.#aborted.signal.aborted;
  }

  /**
   * Sends a reply. Resolves once it is written, also if the script leaves it open then.
   *
   * @param reply What to send.
   */
  async send(reply: ModelReply): Promise<void> {
    let next = reply;
    while (next.kind === "delayed") {
      await pause(next.ms, this.#aborted.signal);
      next = next.reply;
    }
    if (this.isOver) return;
    if (next.kind === "http") this.#sendHttp(next);
    else await this.#sendStream(next);
  }

  /** Closes the connection at once, if the exchange is not over. */
  cut(): void {
    if (this.isOver) return;
    this.#settle("cut");
    // The socket first: Bun sends an empty 200 when a response is destroyed.
    this.#response.socket?.destroy();
    this.#response.destroy();
  }

  #sendHttp(reply: HttpReply): void {
    const isText = typeof reply.body === "string";
    this.#record.status = reply.status;
    this.#response.writeHead(reply.status, {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
      ...reply.headers,
    });
    this.#response.end(isText ? reply.body : JSON.stringify(reply.body));
  }

  async #sendStream(reply: StreamReply): Promise<void> {
    const events = toWireEvents(reply.events, this.#record.number);
    const text = events.map(encodeEvent).join("");
    this.#record.status = 200;
    this.#response.writeHead(200, { "content-type": "text/event-stream" });
    if (reply.ending === "end") {
      this.#response.end(text);
      return;
    }
    // The events before the cut have to arrive, so wait until they are written.
    await new Promise<void>((resolve) => {
      this.#aborted.signal.addEventListener("abort", () => resolve(), {
        once: true,
      });
      this.#response.write(text, () => resolve());
    });
    if (reply.ending === "drop") this.cut();
  }

  #settle(outcome: OpenRecord["outcome"]): void {
    if (this.isOver) return;
    this.#record.outcome = outcome;
    this.#aborted.abort();
    this.#onOver();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
