import type { CodexError } from "../../errors/codex_error.ts";
import type { LineProblem } from "../../errors/protocol_errors.ts";
import { CodexExecError } from "../../errors/turn_errors.ts";
import { NO_TURN_FACTS, type ProcessFacts } from "../../errors/turn_facts.ts";
import type { Watchdog } from "../../cli/terminate/watchdog.ts";
import { describeArgs } from "../../cli/describe_args.ts";
import type { JsonObject } from "../../protocol/json.ts";
import type { Runtime, SpawnCommand } from "../../runtime/types.ts";
import { JsonlDecoder } from "../../stream/jsonl_decoder.ts";
import { Connection } from "../connection/connection.ts";
import { isDeltaLine, readMessage } from "../connection/message_lines.ts";
import { ChildTurns } from "./child_turns.ts";
import { ServerProcess } from "./server_process.ts";
import type { RequestId, ServerMessage } from "../connection/wire.ts";

/** The way in which a server has ended. */
export type ServerEnd =
  | {
    /** It exited, of itself or since nobody needed it any more. */
    readonly type: "exited";
    readonly process: ProcessFacts;
  }
  | {
    /** It printed what is no message, and was ended. */
    readonly type: "protocol_error";
    readonly problem: LineProblem;
    readonly process: ProcessFacts;
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
  /** The time that each step of ending it is given, in ms. */
  readonly graceMs: number;
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
 * One life of the server, from its start to its exit: reads it, and hands each message to
 * the one that it is for. The server is always read on, however slowly turns are taken.
 */
export class ServerSession {
  readonly #process: ServerProcess;
  readonly #options: SessionOptions;
  readonly #argv: readonly string[];
  readonly #routes = new Map<string, ThreadRoute>();
  readonly #decoder: JsonlDecoder;
  #isEnding = false;
  /** Sends requests. */
  readonly connection: Connection;
  /** The turns that agents run for others. */
  readonly children: ChildTurns = new ChildTurns(({ threadId, turnId }) => {
    this.connection.request("turn/interrupt", { threadId, turnId })
      .catch(() => {});
  });
  /** Resolves when the server has ended, and nothing of it is left. */
  readonly ended: Promise<ServerEnd>;

  /** Starts a server; fails if it cannot be started. */
  static async start(
    runtime: Runtime,
    command: SpawnCommand,
    options: SessionOptions,
  ): Promise<ServerSession> {
    const process = await ServerProcess.start(
      runtime,
      command,
      options.graceMs,
    );
    return new ServerSession(process, command.args, options);
  }

  /** Takes a process over; {@linkcode ServerSession.start} does. */
  constructor(
    process: ServerProcess,
    args: readonly string[],
    options: SessionOptions,
  ) {
    this.#process = process;
    this.#options = options;
    this.#argv = describeArgs(args);
    // The pieces of items are most of what comes: where nobody wants them, they are not
    // even parsed.
    this.#decoder = new JsonlDecoder({
      maxLineBytes: options.maxLineBytes,
      skipLine: (line) => isDeltaLine(line) && !this.#wantsDeltas(),
    });
    this.connection = new Connection(process, options);
    this.ended = this.#read();
  }

  /** The marker in the environment of all that the server starts. */
  get marker(): string {
    return this.#process.marker;
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

  /** Has folders removed if the host ends first; gives what ends that. */
  guard(folders: readonly string[]): Promise<Watchdog | undefined> {
    return this.#process.guard(folders);
  }

  /**
   * Ends the server, its turns and their commands; done when nothing of it is left.
   *
   * @param isStuck Says that it does not answer: it is not asked to end, but made to.
   */
  async close({ isStuck = false } = {}): Promise<void> {
    this.#isEnding = true;
    await this.#process.close({ isStuck });
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
      const chunk = await this.#process.read();
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
    const exit = await this.#process.close();
    const { redact } = this.#options;
    const process: ProcessFacts = {
      ...exit,
      stderr: redact(this.#process.stderr, this.#process.isStderrCut),
      argv: this.#argv,
    };
    const end: ServerEnd = problem === undefined
      ? { type: "exited", process }
      : {
        type: "protocol_error",
        problem: {
          ...problem,
          message: redact(problem.message),
          cause: undefined,
        },
        process,
      };
    this.connection.close(endError(end));
    for (const route of [...this.#routes.values()]) route.ended(end);
    this.#routes.clear();
    return end;
  }

  /** Finds the turn that an agent's thread works for. */
  #routeOfChild(threadId: string): ThreadRoute | undefined {
    const root = this.children.rootOf(threadId);
    if (root === undefined) return undefined;
    return [...this.#routes.values()].find(({ turnId }) => turnId === root);
  }

  #deliver(message: ServerMessage): void {
    if (message.kind === "response") return this.connection.receive(message);
    const { method, params } = message;
    const threadId = typeof params.threadId === "string" ? params.threadId : "";
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
  const { exitCode, signal, stderr } = end.process;
  const how = signal === null ? `exit code ${exitCode}` : signal;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return new CodexExecError(
    `codex app-server has ended (${how})${last === "" ? "" : `: ${last}`}`,
    {
      code: "exited",
      facts: { ...NO_TURN_FACTS, ...end.process },
    },
  );
}
