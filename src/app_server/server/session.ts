import type { CodexError } from "../../errors/codex_error.ts";
import { CodexConnectionError } from "../../errors/connection_errors.ts";
import type { LineProblem } from "../../errors/protocol_errors.ts";
import { CodexExecError } from "../../errors/turn_errors.ts";
import { NO_TURN_FACTS, type ProcessFacts } from "../../errors/turn_facts.ts";
import type { JsonObject } from "../../protocol/json.ts";
import { JsonlDecoder } from "../../stream/jsonl_decoder.ts";
import { Connection } from "../connection/connection.ts";
import { text } from "../connection/fields.ts";
import { isDeltaLine, readMessage } from "../connection/message_lines.ts";
import { ChildTurns } from "./child_turns.ts";
import type { LinkEnd, LocalServer, ServerLink } from "./server_link.ts";
import type { RequestId, ServerMessage } from "../connection/wire.ts";

/** The way in which a server ended. */
export type ServerEnd =
  | {
    /** The server exited, on its own or because it was no longer needed. */
    readonly type: "exited";
    readonly process: ProcessFacts;
  }
  | {
    /** The connection to a server elsewhere was lost or closed. */
    readonly type: "disconnected";
    /** The cause, as far as it is known. */
    readonly reason: string;
    readonly process: null;
  }
  | {
    /** The server sent an invalid message, and was ended or disconnected. */
    readonly type: "protocol_error";
    readonly problem: LineProblem;
    /** The server's process; `null` for a server elsewhere. */
    readonly process: ProcessFacts | null;
  };

/** A request by the server, which waits for an answer. */
export interface ServerRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
}

/** The receiver of a thread's messages while it runs a turn. */
export interface ThreadRoute {
  /** The turn's id; `undefined` until it was started. */
  readonly turnId: string | undefined;
  /** True if the turn wants pieces of items. */
  readonly deltas: boolean;
  /** True once the turn is being stopped, so that its route ends within bounded time. */
  readonly isStopping: boolean;
  /** Handles a notification of the thread, on the reader's stack, so that it must not throw or wait. */
  notified(method: string, params: JsonObject): void;
  /** Handles a request of the thread, or of the thread of one of the turn's agents; must not throw or wait. */
  requested(request: ServerRequest): void;
  /** Handles the end of the server. */
  ended(end: ServerEnd): void;
}

/** Options of {@linkcode ServerSession}. */
export interface SessionOptions {
  /** Milliseconds that the server may take to answer a request. */
  readonly requestTimeoutMs: number;
  /** See `maxLineBytes` of the client's options. */
  readonly maxLineBytes: number | undefined;
  /** Removes secrets from a text; with `isCut`, whose beginning was cut off, also parts of secrets. */
  readonly redact: (text: string, isCut?: boolean) => string;
  /** Handles every notification, after the route of its thread. */
  readonly notified: (method: string, params: JsonObject) => void;
  /** Answers a request that does not belong to a running turn. */
  readonly asked: (session: ServerSession, request: ServerRequest) => void;
}

/**
 * One life of the server, from its start to its exit, or of a connection to one elsewhere.
 * Reads the server's messages and routes each to its receiver. Keeps reading, however
 * slowly the events of turns are consumed.
 */
export class ServerSession {
  readonly #link: ServerLink;
  readonly #options: SessionOptions;
  readonly #routes = new Map<string, ThreadRoute>();
  /** The callbacks for the end of the routes of turns that are being stopped. */
  readonly #leaving = new Map<ThreadRoute, (() => void)[]>();
  readonly #decoder: JsonlDecoder;
  #isEnding = false;
  #received = 0;
  /** Sends requests. */
  readonly connection: Connection;
  /** The turns of agents that work for other turns. */
  readonly children: ChildTurns = new ChildTurns(({ threadId, turnId }) => {
    this.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  });
  /** Resolves once the server has ended, and nothing of it is left. */
  readonly ended: Promise<ServerEnd>;

  /** Takes over a link; only the session reads and ends it. */
  constructor(link: ServerLink, options: SessionOptions) {
    this.#link = link;
    this.#options = options;
    // Most of the lines are pieces of items, which are not even parsed unless a turn wants
    // them.
    this.#decoder = new JsonlDecoder({
      maxLineBytes: options.maxLineBytes,
      skipLine: (line) => isDeltaLine(line) && !this.#wantsDeltas(),
    });
    this.connection = new Connection(link, options);
    this.ended = this.#read();
  }

  /** The server's local parts; `undefined` for a server elsewhere. */
  get local(): LocalServer | undefined {
    return this.#link.local;
  }

  /** A counter that grows whenever something is read from the server. */
  get received(): number {
    return this.#received;
  }

  /** True once the server is ending or has ended, so that nothing new can be started on it. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /**
   * Routes a thread's messages to a turn. Returns a function that ends the route, or
   * `undefined` if another turn of the thread is already routed.
   */
  route(threadId: string, route: ThreadRoute): (() => void) | undefined {
    if (this.#routes.has(threadId)) return undefined;
    this.#routes.set(threadId, route);
    return () => {
      if (this.#routes.get(threadId) === route) this.#routes.delete(threadId);
      this.#left(route);
    };
  }

  /** Waits for the end of a thread's route, if its turn is being stopped. */
  async stopped(threadId: string): Promise<void> {
    const route = this.#routes.get(threadId);
    if (route === undefined || !route.isStopping) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#leaving.get(route) ?? [];
      this.#leaving.set(route, [...waiting, resolve]);
    });
  }

  #left(route: ThreadRoute): void {
    for (const resolve of this.#leaving.get(route) ?? []) resolve();
    this.#leaving.delete(route);
  }

  /** Tells whether a turn of a thread is routed. */
  hasRoute(threadId: string): boolean {
    return this.#routes.has(threadId);
  }

  /**
   * Ends the server, its turns and their commands; resolves once nothing of it is left. For
   * a server elsewhere, ends only the connection.
   *
   * @param isStuck True if the server does not answer; it is then ended without being asked
   * first.
   */
  async close({ isStuck = false } = {}): Promise<void> {
    this.#isEnding = true;
    await this.#link.close({ isStuck });
    await this.ended;
  }

  #wantsDeltas(): boolean {
    for (const { deltas } of this.#routes.values()) if (deltas) return true;
    return false;
  }

  /** Reads from the server to its end, and then cleans up everything that is left of it. */
  async #read(): Promise<ServerEnd> {
    let problem: LineProblem | undefined;
    while (problem === undefined) {
      const chunk = await this.#link.read();
      this.#received += 1;
      const decoded = chunk === undefined
        ? this.#decoder.end()
        : this.#decoder.push(chunk);
      for (const { value } of decoded.lines) {
        const message = readMessage(value);
        if (message !== undefined) this.#deliver(message);
      }
      // A last line that was cut short is part of the crash, not a protocol error.
      if (chunk === undefined) break;
      problem = decoded.problem;
    }
    this.#isEnding = true;
    const end = this.#makeEnd(await this.#link.close(), problem);
    this.connection.close(endError(end));
    for (const route of [...this.#routes.values()]) {
      route.ended(end);
      this.#left(route);
    }
    this.#routes.clear();
    return end;
  }

  /** Describes how the server ended, with secrets removed. */
  #makeEnd(link: LinkEnd, problem: LineProblem | undefined): ServerEnd {
    const { redact } = this.#options;
    const process = link.type === "disconnected" ? null : {
      ...link.process,
      stderr: redact(link.process.stderr, link.isStderrCut),
    };
    if (problem !== undefined) {
      const message = redact(problem.message);
      return {
        type: "protocol_error",
        problem: { ...problem, message, cause: undefined },
        process,
      };
    }
    return link.type === "disconnected"
      ? { ...link, reason: redact(link.reason), process: null }
      : { type: "exited", process: process as ProcessFacts };
  }

  /** Finds the route of the turn that an agent's thread works for. */
  #routeOfChild(threadId: string): ThreadRoute | undefined {
    const root = this.children.findRoot(threadId);
    if (root === undefined) return undefined;
    return [...this.#routes.values()].find(({ turnId }) => turnId === root);
  }

  #deliver(message: ServerMessage): void {
    if (message.kind === "response") return this.connection.receive(message);
    const { method, params } = message;
    const threadId = text(params.threadId);
    const route = this.#routes.get(threadId);
    if (message.kind === "request") {
      const asked = route ?? this.#routeOfChild(threadId);
      if (asked !== undefined) asked.requested(message);
      else this.#options.asked(this, message);
      return;
    }
    this.children.notified(method, params);
    route?.notified(method, params);
    this.#options.notified(method, params);
  }
}

/** Creates the error for requests to a server that has ended. */
function endError(end: ServerEnd): CodexError {
  if (end.process === null) {
    const reason = end.type === "disconnected"
      ? end.reason
      : end.problem.message;
    return new CodexConnectionError(
      `The connection to codex app-server was lost: ${reason}`,
      { code: "connection_lost", reason: "disconnected" },
    );
  }
  const { exitCode, signal, stderr } = end.process;
  const how = signal === null ? `exit code ${exitCode}` : signal;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return new CodexExecError(
    `codex app-server exited (${how})${last === "" ? "" : `: ${last}`}`,
    {
      code: "exited",
      facts: { ...NO_TURN_FACTS, ...end.process },
    },
  );
}
