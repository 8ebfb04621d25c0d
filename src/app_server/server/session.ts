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

/** The way in which a server has ended. */
export type ServerEnd =
  | {
    /** It exited, of itself or since nobody needed it any more. */
    readonly type: "exited";
    readonly process: ProcessFacts;
  }
  | {
    /** The connection to one elsewhere was lost, or given up. */
    readonly type: "disconnected";
    /** What is known of the cause. */
    readonly reason: string;
    readonly process: null;
  }
  | {
    /** It said what is no message, and was ended, or left. */
    readonly type: "protocol_error";
    readonly problem: LineProblem;
    /** Its process; `null` for one elsewhere. */
    readonly process: ProcessFacts | null;
  };

/** A request of the server, which waits for an answer. */
export interface ServerRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
}

/** The one that a thread's messages go to while it runs a turn. */
export interface ThreadRoute {
  /** The turn; `undefined` until it was started. */
  readonly turnId: string | undefined;
  /** True if it wants pieces of items. */
  readonly deltas: boolean;
  /** Takes a notification of the thread; on the reader's stack, so it must not throw or wait. */
  notified(method: string, params: JsonObject): void;
  /** Takes a request of the thread, or of one that an agent of the turn works on, likewise. */
  asked(request: ServerRequest): void;
  /** Learns that the server has ended. */
  ended(end: ServerEnd): void;
}

/** Options of {@linkcode ServerSession}. */
export interface SessionOptions {
  /** The time that the server may take to answer a request, in ms. */
  readonly requestTimeoutMs: number;
  /** See `maxLineBytes` of the client's options. */
  readonly maxLineBytes: number | undefined;
  /** Takes secrets out of a text; of one whose beginning was cut off without a mark, parts too. */
  readonly redact: (text: string, isCut?: boolean) => string;
  /** Takes a notification that concerns no thread that runs a turn. */
  readonly notified: (method: string, params: JsonObject) => void;
  /** Answers a request that concerns no thread that runs a turn. */
  readonly asked: (session: ServerSession, request: ServerRequest) => void;
}

/**
 * One life of the server, from its start to its exit, or of a connection to one elsewhere:
 * reads it, and hands each message to the one that it is for. The server is always read on, however slowly turns are taken.
 */
export class ServerSession {
  readonly #link: ServerLink;
  readonly #options: SessionOptions;
  readonly #routes = new Map<string, ThreadRoute>();
  readonly #decoder: JsonlDecoder;
  #isEnding = false;
  #received = 0;
  /** Sends requests. */
  readonly connection: Connection;
  /** The turns that agents run for others. */
  readonly children: ChildTurns = new ChildTurns(({ threadId, turnId }) => {
    this.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  });
  /** Resolves when the server has ended, and nothing of it is left. */
  readonly ended: Promise<ServerEnd>;

  /** Takes a link over; nothing but the session reads it, and ends it. */
  constructor(link: ServerLink, options: SessionOptions) {
    this.#link = link;
    this.#options = options;
    // The pieces of items are most of what comes: where nobody wants them, they are not
    // even parsed.
    this.#decoder = new JsonlDecoder({
      maxLineBytes: options.maxLineBytes,
      skipLine: (line) => isDeltaLine(line) && !this.#wantsDeltas(),
    });
    this.connection = new Connection(link, options);
    this.ended = this.#read();
  }

  /** What is done on this machine for the server; `undefined` for one elsewhere. */
  get local(): LocalServer | undefined {
    return this.#link.local;
  }

  /** A number that grows whenever the server says something. */
  get received(): number {
    return this.#received;
  }

  /** True once the server ends, or has ended: nothing can be begun on it any more. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /**
   * Sends a thread's messages to a turn; gives the function that ends that, or `undefined`
   * where another turn of this thread runs on the server.
   */
  route(threadId: string, route: ThreadRoute): (() => void) | undefined {
    if (this.#routes.has(threadId)) return undefined;
    this.#routes.set(threadId, route);
    return () => {
      if (this.#routes.get(threadId) === route) this.#routes.delete(threadId);
    };
  }

  /** Tells whether a turn of a thread runs. */
  hasRoute(threadId: string): boolean {
    return this.#routes.has(threadId);
  }

  /**
   * Ends the server, its turns and their commands; done when nothing of it is left. Of one
   * elsewhere it ends the connection alone.
   *
   * @param isStuck Says that it does not answer: it is not asked to end, but made to.
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

  /** Reads the server to its end, and leaves nothing of it. */
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
      // A last line that was cut short by a crash is the crash.
      if (chunk === undefined) break;
      problem = decoded.problem;
    }
    this.#isEnding = true;
    const end = this.#makeEnd(await this.#link.close(), problem);
    this.connection.close(endError(end));
    for (const route of [...this.#routes.values()]) route.ended(end);
    this.#routes.clear();
    return end;
  }

  /** Tells how the server has ended, without secrets. */
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

  /** Finds the turn that an agent's thread works for. */
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
      if (asked !== undefined) asked.asked(message);
      else this.#options.asked(this, message);
      return;
    }
    this.children.notified(method, params);
    route?.notified(method, params);
    this.#options.notified(method, params);
  }
}

/** Gives the error of what was asked of a server that has ended. */
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
