import type { ElicitationAnswer, ElicitationRequest } from "../elicitation.ts";
import { askHandler, type Question } from "./answers.ts";
import {
  type AskedApproval,
  type AskedItem,
  FILE_CHANGE,
  makeDecline,
  readApproval,
  readDecision,
} from "./approvals.ts";
import {
  readElicitation,
  readElicitationAnswer,
  toElicitationResult,
} from "./elicitations.ts";
import type { Connection } from "../connection/connection.ts";
import type { LiveTurnOptions } from "../turn/live_turn.ts";
import type { ServerRequest } from "../server/session.ts";
import type { RequestId } from "../connection/wire.ts";
import type { JsonObject } from "../../protocol/json.ts";

/** The parts of a turn that answering needs. */
export interface AnswersContext {
  /** The connection to send answers on. */
  readonly connection: Connection;
  /** The handlers to ask. */
  readonly handlers: Pick<
    LiveTurnOptions,
    "onApproval" | "onElicitation" | "answerTimeoutMs"
  >;
  /** Finds the item that a request is about. */
  find(params: JsonObject): AskedItem;
  /** Adds a warning to the turn. */
  warn(message: string): void;
  /** Reports that the number of waiting questions has changed. */
  changed(): void;
  /** Interrupts the turn, for a `cancel` on which the server does not end it. */
  interrupt(): void;
}

/** The server's questions of one turn that wait for an answer. Each is answered once. */
export class PendingAnswers {
  readonly #context: AnswersContext;
  readonly #pending = new Map<RequestId, AbortController>();
  #isOver = false;

  /** Creates an empty set for a turn. */
  constructor(context: AnswersContext) {
    this.#context = context;
  }

  /** True while a question waits for an answer. */
  get isAsking(): boolean {
    return this.#pending.size > 0;
  }

  /** Answers a request; accepts nothing without a handler's answer. */
  ask(request: ServerRequest): void {
    const { method, params } = request;
    const approval = this.#read(request);
    if (approval !== undefined && !this.#isOver) {
      return this.#askApproval(request, approval);
    }
    const elicitation = readElicitation(method, params);
    if (elicitation !== undefined && !this.#isOver) {
      return this.#askElicitation(request, elicitation);
    }
    this.#decline(
      request,
      method === FILE_CHANGE && !this.#isOver
        ? "The agent asked for approval to change files without saying which"
        : `The program does not answer ${method}`,
    );
  }

  #askApproval(request: ServerRequest, asked: AskedApproval): void {
    const { onApproval } = this.#context.handlers;
    if (onApproval === undefined) {
      return this.#decline(
        request,
        `The agent asked for approval (${asked.request.type}), but onApproval is not set`,
      );
    }
    this.#ask(request, {
      name: "onApproval",
      handler: onApproval,
      request: asked.request,
      read: readDecision,
      no: "decline" as const,
    }, (decision) => {
      this.#context.connection.reply(request.id, asked.toResult(decision));
      if (decision === "cancel" && asked.cancelInterrupts) {
        this.#context.interrupt();
      }
    });
  }

  #askElicitation(request: ServerRequest, asked: ElicitationRequest): void {
    const { onElicitation } = this.#context.handlers;
    if (onElicitation === undefined) {
      return this.#decline(
        request,
        `The MCP server ${asked.server} asked a question (${asked.mode}), but onElicitation is not set`,
      );
    }
    this.#ask<ElicitationRequest, ElicitationAnswer>(request, {
      name: "onElicitation",
      handler: onElicitation,
      request: asked,
      read: readElicitationAnswer,
      no: { action: "decline" },
    }, (answer) => {
      const { connection } = this.#context;
      connection.reply(request.id, toElicitationResult(answer));
    });
  }

  /** Asks a handler, and sends its answer once. */
  #ask<R, A>(
    { id }: ServerRequest,
    question: Question<R, A>,
    reply: (answer: A) => void,
  ): void {
    const withdrawn = new AbortController();
    this.#pending.set(id, withdrawn);
    this.#context.changed();
    askHandler(question, {
      timeoutMs: this.#context.handlers.answerTimeoutMs,
      withdrawn: withdrawn.signal,
    }).then(({ answer, warning }) => {
      if (!this.#pending.delete(id)) return;
      if (warning !== undefined) this.#context.warn(warning);
      reply(answer);
      this.#context.changed();
    });
  }

  /** Withdraws a question that the server has settled itself. */
  resolved(id: RequestId): void {
    const withdrawn = this.#pending.get(id);
    if (withdrawn === undefined) return;
    this.#pending.delete(id);
    withdrawn.abort(
      new DOMException("The answer is no longer needed", "AbortError"),
    );
    this.#context.changed();
  }

  /** Withdraws all questions, since the turn is over. */
  end(): void {
    this.#isOver = true;
    for (const id of [...this.#pending.keys()]) this.resolved(id);
  }

  /** Reads an approval request; treats one that cannot be read as one of an unknown kind. */
  #read({ method, params }: ServerRequest): AskedApproval | undefined {
    try {
      return readApproval(method, params, this.#context.find);
    } catch {
      return undefined;
    }
  }

  #decline({ id, method }: ServerRequest, why: string): void {
    const { connection, warn } = this.#context;
    const no = makeDecline(method);
    if (no === undefined) connection.rejectRequest(id, why);
    else connection.reply(id, no);
    if (!this.#isOver) warn(`${why}: declined`);
  }
}
