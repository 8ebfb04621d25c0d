import { CodexProtocolError } from "../../errors/protocol_errors.ts";
import { CodexRequestError } from "../../errors/request_errors.ts";
import { CodexError, internalError } from "../../errors/codex_error.ts";
import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import { sleep } from "../../util/sleep.ts";
import { type ClientMessage, writeMessage } from "./message_lines.ts";
import { missingField } from "./results.ts";
import type {
  ClientMethod,
  ClientRequests,
  RequestId,
  RpcError,
  ServerMessage,
} from "./wire.ts";

/** The most requests in flight: of more than 200 at once, some are never answered (facts A18). */
const MAX_IN_FLIGHT = 64;

/** The server's error code for too many requests at once. */
const OVERLOADED = -32001;

/** The number of times a request is sent again after it was refused for overload. */
const MAX_RETRIES = 3;

/** The longest pause before the first retry, in ms; it doubles with each retry. */
const RETRY_MS = 100;

/** Writes lines to a server. */
export interface LineSink {
  /** Writes a line; rejects if the server accepts no more. */
  write(line: string): Promise<void>;
}

/** Options of one request. */
export interface RequestOptions<R> {
  /** Receives the answer, before any later message is handled. */
  readonly received?: (result: R) => void;
  /**
   * Allows sending the request again if the server was overloaded.
   *
   * @default {true}
   */
  readonly mayRepeat?: boolean;
}

/** Options of a {@linkcode Connection}. */
export interface ConnectionOptions {
  /** Milliseconds that the server may take to answer. */
  readonly requestTimeoutMs: number;
  /** Removes secrets from the server's texts. */
  readonly redact: (text: string) => string;
}

interface Waiting {
  readonly method: string;
  readonly resolve: (answer: Answer) => void;
  readonly received: (result: unknown) => void;
}

type Answer =
  | { readonly type: "result"; readonly result: unknown }
  | { readonly type: "refused"; readonly error: RpcError }
  | { readonly type: "unusable"; readonly error: CodexError }
  | { readonly type: "late" }
  | { readonly type: "closed"; readonly error: CodexError };

/**
 * Sends requests as lines, and matches the answers to them. Independent of methods,
 * processes and sockets: lines are written to a sink, and messages are passed in.
 */
export class Connection {
  readonly #sink: LineSink;
  readonly #options: ConnectionOptions;
  readonly #waiting = new Map<RequestId, Waiting>();
  /** The requests that wait for a place among those in flight. */
  readonly #places: (() => void)[] = [];
  #inFlight = 0;
  #lastId = 0;
  #closed: CodexError | undefined;

  /** Creates a connection; nothing is sent before the first request. */
  constructor(sink: LineSink, options: ConnectionOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /**
   * Sends a request to the server, and returns its answer.
   *
   * @throws {CodexRequestError} If the server refuses, or does not answer in time.
   * @throws {CodexProtocolError} If the answer lacks a required field.
   * @throws {CodexError} If the connection is closed: the reason.
   */
  async request<M extends ClientMethod>(
    method: M,
    params: ClientRequests[M]["params"],
    options: RequestOptions<ClientRequests[M]["result"]> = {},
  ): Promise<ClientRequests[M]["result"]> {
    const { received = () => {}, mayRepeat = true } = options;
    for (let retries = 0;; retries++) {
      const answer = await this.#ask(
        method,
        params,
        received as (result: unknown) => void,
      );
      if (answer.type === "result") {
        return answer.result as ClientRequests[M]["result"];
      }
      const isOverload = answer.type === "refused" &&
        answer.error.code === OVERLOADED;
      if (isOverload && mayRepeat && retries < MAX_RETRIES) {
        await sleep(RETRY_MS * 2 ** retries * (0.5 + Math.random() / 2));
        continue;
      }
      throw this.#makeError(method, answer);
    }
  }

  /** Sends a notification to the server, which does not answer it. */
  notify(method: string): void {
    this.#send({ method });
  }

  /** Answers a request of the server; has no effect once the connection is closed. */
  reply(id: RequestId, result: object): void {
    this.#send({ id, result });
  }

  /** Refuses a request of the server. */
  rejectRequest(id: RequestId, message: string): void {
    this.#send({ id, error: { code: -32601, message } });
  }

  /** Handles an answer of the server; ignores an answer that no request waits for. */
  receive(message: Extract<ServerMessage, { kind: "response" }>): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.error !== undefined) {
      waiting.resolve({ type: "refused", error: message.error });
      return;
    }
    waiting.resolve(this.#accept(waiting, message.result ?? {}));
  }

  /** Passes an answer to its request, on the reader's stack, so that this must not throw. */
  #accept({ method, received }: Waiting, result: JsonObject): Answer {
    const missing = missingField(method, result);
    if (missing !== undefined) {
      const error = new CodexProtocolError(
        `codex app-server answered ${method} without ${missing}`,
        { code: "unexpected_event", lineNumber: null },
      );
      return { type: "unusable", error };
    }
    try {
      received(result);
      return { type: "result", result };
    } catch (error) {
      return {
        type: "unusable",
        error: error instanceof CodexError
          ? error
          : internalError(`Cannot use the answer to ${method}`, error),
      };
    }
  }

  /** Closes the connection: pending and later requests fail with the error. */
  close(error: CodexError): void {
    this.#closed ??= error;
    for (const { resolve } of this.#waiting.values()) {
      resolve({ type: "closed", error: this.#closed });
    }
    for (const enter of this.#places.splice(0)) enter();
  }

  async #ask(
    method: string,
    params: object,
    received: (result: unknown) => void,
  ): Promise<Answer> {
    await this.#takePlace();
    const id = ++this.#lastId;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      if (this.#closed !== undefined) {
        return { type: "closed", error: this.#closed };
      }
      return await new Promise<Answer>((resolve) => {
        this.#waiting.set(id, { method, resolve, received });
        timer = setTimeout(
          () => resolve({ type: "late" }),
          this.#options.requestTimeoutMs,
        );
        this.#send({ id, method, params });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      this.#freePlace();
    }
  }

  #takePlace(): Promise<void> {
    if (this.#inFlight < MAX_IN_FLIGHT) {
      this.#inFlight += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#places.push(resolve));
  }

  /** Passes the place to the next waiting request, or frees it. */
  #freePlace(): void {
    const next = this.#places.shift();
    if (next === undefined) this.#inFlight -= 1;
    else next();
  }

  #send(message: ClientMessage): void {
    // A server that accepts no more has ended; the session reports how.
    this.#sink.write(writeMessage(message)).catch(() => {});
  }

  #redacted(data: JsonValue): JsonValue {
    try {
      return JSON.parse(this.#options.redact(JSON.stringify(data)));
    } catch {
      return null;
    }
  }

  #makeError(
    method: string,
    answer: Exclude<Answer, { type: "result" }>,
  ): CodexError {
    switch (answer.type) {
      case "closed":
      case "unusable":
        return answer.error;
      case "late":
        return new CodexRequestError(
          `codex app-server did not answer ${method} within ${this.#options.requestTimeoutMs} ms (requestTimeoutMs)`,
          { code: "request_timeout", method },
        );
      case "refused": {
        const { code, message, data } = answer.error;
        const serverMessage = this.#options.redact(message);
        return new CodexRequestError(
          `codex app-server rejected ${method}: ${serverMessage}`,
          {
            code: "request_refused",
            method,
            rpcCode: code,
            serverMessage,
            data: data && this.#redacted(data),
          },
        );
      }
    }
  }
}
