import type { ToolResult } from "../../options/tools.ts";
import type { JsonValue } from "../../protocol/json.ts";
import type { AgentApproval } from "../agent_client.ts";

/** A call of a tool that the AI SDK, or its user, has to run. */
export interface CallQuestion {
  /** Identifies a call. */
  readonly type: "call";
  /** The id of the question. */
  readonly id: string;
  /** The name of the tool. */
  readonly toolName: string;
  /** The input, as the model wrote it. */
  readonly input: JsonValue;
  /** Answers with the result. */
  answer(result: ToolResult): void;
  /** Makes the call fail for the agent. */
  reject(reason: string): void;
}

/** A request of the agent for approval. */
export interface ApprovalQuestion {
  /** Identifies an approval. */
  readonly type: "approval";
  /** The id of the question. */
  readonly id: string;
  /** The agent's request. */
  readonly request: AgentApproval;
  /** Answers with the decision. */
  answer(isApproved: boolean): void;
}

/** A question of a turn, which waits until the AI SDK or its user answers. */
export type Question = CallQuestion | ApprovalQuestion;

/**
 * Milliseconds to wait for further questions after one: calls that the model makes together
 * begin one after the other, as the model writes them.
 */
const QUIET_MS = 250;

/** The most milliseconds to wait for further questions. */
const MAX_GATHERING_MS = 2000;

/** The times to wait for questions that belong together, in ms. */
export interface GatheringTimes {
  /** The time after the last question. */
  readonly quietMs?: number;
  /** The maximum time after the first question. */
  readonly maxMs?: number;
}

/** The unanswered questions of a turn. */
export class Questions {
  readonly #quietMs: number;
  readonly #maxMs: number;
  /** The questions that have not been passed on yet. */
  readonly #fresh = new Map<string, Question>();
  /** The questions that have been passed on. */
  readonly #open = new Map<string, Question>();
  #firstAt = 0;
  #quietFrom = 0;
  #wake: () => void = () => {};

  /** Creates an empty set of questions. */
  constructor(
    { quietMs = QUIET_MS, maxMs = MAX_GATHERING_MS }: GatheringTimes = {},
  ) {
    this.#quietMs = quietMs;
    this.#maxMs = maxMs;
  }

  /** The questions that have been passed on and not been answered. */
  get open(): ReadonlyMap<string, Question> {
    return this.#open;
  }

  /**
   * Adds a question, and waits until it is answered.
   *
   * @param signal Withdraws the question; the promise then rejects with the signal's reason.
   */
  ask<A>(
    signal: AbortSignal,
    toQuestion: (
      answer: (answer: A) => void,
      reject: (reason: string) => void,
    ) => Question,
  ): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      const over = (): void => {
        signal.removeEventListener("abort", withdraw);
        this.#fresh.delete(question.id);
        this.#open.delete(question.id);
      };
      const withdraw = (): void => {
        over();
        reject(signal.reason);
      };
      const question = toQuestion((answer) => {
        over();
        resolve(answer);
      }, (reason) => {
        over();
        reject(new Error(reason));
      });
      signal.addEventListener("abort", withdraw);
      if (signal.aborted) return withdraw();
      this.#add(question);
    });
  }

  /** Marks the open questions to be passed on again. */
  askAgain(): void {
    for (const question of this.#open.values()) this.#add(question);
    this.#open.clear();
  }

  /**
   * Delays passing questions on, so that the turn's next events can come first.
   *
   * @param ms The delay, in ms; by default the same as after a question.
   */
  expect(ms: number = this.#quietMs): void {
    const from = performance.now() - this.#quietMs + ms;
    this.#quietFrom = Math.max(this.#quietFrom, from);
  }

  /**
   * Tells whether there are questions to pass on, and all that belong together have arrived.
   *
   * @param isBusy True if the turn has news, which is passed on first.
   */
  isGathered(isBusy: boolean): boolean {
    if (this.#fresh.size === 0) return false;
    const now = performance.now();
    if (now - this.#firstAt >= this.#maxMs) return true;
    return !isBusy && now - this.#quietFrom >= this.#quietMs;
  }

  /** Waits for a promise, for a question, or until the gathered questions may be passed on. */
  async waitBeside(other: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#fresh.size === 0) return;
      const at = Math.min(
        this.#quietFrom + this.#quietMs,
        this.#firstAt + this.#maxMs,
      );
      timer = setTimeout(resolve, Math.max(0, at - performance.now()) + 1);
    });
    try {
      await Promise.race([other, woken]);
    } finally {
      clearTimeout(timer);
      this.#wake = () => {};
    }
  }

  /** Takes the gathered questions, which are then open. */
  take(): Question[] {
    const questions = [...this.#fresh.values()];
    this.#fresh.clear();
    for (const question of questions) this.#open.set(question.id, question);
    return questions;
  }

  #add(question: Question): void {
    const now = performance.now();
    if (this.#fresh.size === 0) this.#firstAt = now;
    this.#quietFrom = now;
    this.#fresh.set(question.id, question);
    this.#wake();
  }
}
