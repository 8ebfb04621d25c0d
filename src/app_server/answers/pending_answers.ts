import { askHandler } from "./answers.ts";
import { type AskedItem, declineOf, readApproval } from "./approvals.ts";
import type { Connection } from "../connection/connection.ts";
import type { LiveTurnOptions } from "../turn/live_turn.ts";
import type { ServerRequest } from "../server/session.ts";
import type { RequestId } from "../connection/wire.ts";
import type { JsonObject } from "../../protocol/json.ts";

/** Everything that answering needs of its turn. */
export interface AnswersContext {
  /** Where answers go. */
  readonly connection: Connection;
  /** Who answers. */
  readonly handlers: Pick<LiveTurnOptions, "onApproval" | "answerTimeoutMs">;
  /** Finds the item that a request is about. */
  find(params: JsonObject): AskedItem;
  /** Takes a warning for the turn. */
  warn(message: string): void;
  /** Told whenever the number of questions that wait has changed. */
  changed(): void;
  /** Interrupts the turn, for a `cancel` that the server does not take as that. */
  interrupt(): void;
}

/** The questions of a turn's server that wait for an answer; each is answered once. */
export class PendingAnswers {
  readonly #context: AnswersContext;
  readonly #pending = new Map<RequestId, AbortController>();
  #isOver = false;

  /** Makes it for a turn. */
  constructor(context: AnswersContext) {
    this.#context = context;
  }

  /** True while an answer is waited for. */
  get isAsking(): boolean {
    return this.#pending.size > 0;
  }

  /** Answers a request; no path accepts by itself. */
  ask(request: ServerRequest): void {
    const { handlers, find } = this.#context;
    const { method, params } = request;
    const asked = readApproval(method, params, find);
    if (asked === undefined || this.#isOver) {
      return this.#decline(request, `The program does not answer ${method}`);
    }
    const { onApproval } = handlers;
    if (onApproval === undefined) {
      return this.#decline(
        request,
        `The agent asked for leave (${asked.request.type}), and no onApproval is given`,
      );
    }
    const withdrawn = new AbortController();
    this.#pending.set(request.id, withdrawn);
    this.#context.changed();
    askHandler(onApproval, asked.request, {
      timeoutMs: handlers.answerTimeoutMs,
      withdrawn: withdrawn.signal,
    }).then(({ decision, warning }) => {
      if (!this.#pending.delete(request.id)) return;
      if (warning !== undefined) this.#context.warn(warning);
      this.#context.connection.reply(request.id, asked.toResult(decision));
      if (decision === "cancel" && asked.cancelInterrupts) {
        this.#context.interrupt();
      }
      this.#context.changed();
    });
  }

  /** Takes back a question that the server has settled itself. */
  resolved(id: RequestId): void {
    const withdrawn = this.#pending.get(id);
    if (withdrawn === undefined) return;
    this.#pending.delete(id);
    withdrawn.abort(new DOMException("The answer is not wanted", "AbortError"));
    this.#context.changed();
  }

  /** Takes back all questions: the turn is over. */
  end(): void {
    this.#isOver = true;
    for (const id of [...this.#pending.keys()]) this.resolved(id);
  }

  #decline({ id, method }: ServerRequest, why: string): void {
    const { connection, warn } = this.#context;
    const no = declineOf(method);
    if (no === undefined) connection.refuse(id, why);
    else connection.reply(id, no);
    if (!this.#isOver) warn(`${why}: declined`);
  }
}
