import type { ToolResult } from "../../options/tools.ts";
import type { JsonValue } from "../../protocol/json.ts";
import type { AgentApproval } from "../agent_client.ts";

/** A call of a tool that the AI SDK, or its user, is to run. */
export interface CallQuestion {
  /** Tells it from an approval. */
  readonly type: "call";
  /** Names the call. */
  readonly id: string;
  /** The tool. */
  readonly toolName: string;
  /** The input, as the model wrote it. */
  readonly input: JsonValue;
  /** Gives the result. */
  answer(result: ToolResult): void;
  /** Has the call fail for the agent. */
  refuse(reason: string): void;
}

/** A request of the agent for leave. */
export interface ApprovalQuestion {
  /** Tells it from a call. */
  readonly type: "approval";
  /** Names the request. */
  readonly id: string;
  /** What the agent asks for. */
  readonly request: AgentApproval;
  /** Decides. */
  answer(isApproved: boolean): void;
}

/** What a turn waits for, and what somebody beyond it has to answer. */
export type Question = CallQuestion | ApprovalQuestion;

/**
 * How long others are waited for after a question, in ms: calls that the model makes
 * together begin one after the other, as the model writes them.
 */
const QUIET_MS = 250;

/** How long they are waited for at most, in ms. */
const MAX_GATHERING_MS = 2000;

/** How long questions that belong together are waited for, in ms. */
export interface GatheringTimes {
  /** After the last one. */
  readonly quietMs?: number;
  /** After the first one, at most. */
  readonly maxMs?: number;
}

/** The questions of a turn that have no answer yet. */
export class Questions {
  readonly #quietMs: number;
  readonly #maxMs: number;
  /** Those that nobody has been asked yet. */
  readonly #fresh = new Map<string, Question>();
  /** Those that have been handed out. */
  readonly #open = new Map<string, Question>();
  #firstAt = 0;
  #quietFrom = 0;
  #wake: () => void = () => {};

  /** Makes it; nothing is asked yet. */
  constructor(
    { quietMs = QUIET_MS, maxMs = MAX_GATHERING_MS }: GatheringTimes = {},
  ) {
    this.#quietMs = quietMs;
    this.#maxMs = maxMs;
  }

  /** The questions that have been handed out and not been answered. */
  get open(): ReadonlyMap<string, Question> {
    return this.#open;
  }

  /**
   * Asks a question, until somebody answers it.
   *
   * @param signal Withdraws it; the answer is then an error.
   */
  ask<A>(
    signal: AbortSignal,
    toQuestion: (
      answer: (answer: A) => void,
      refuse: (reason: string) => void,
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

  /** Has the open questions asked again, which have not been answered. */
  askAgain(): void {
    for (const question of this.#open.values()) this.#add(question);
    this.#open.clear();
  }

  /**
   * Has what comes next be waited for, before questions are handed out.
   *
   * @param ms How long; by default as long as for another question.
   */
  expect(ms: number = this.#quietMs): void {
    const from = performance.now() - this.#quietMs + ms;
    this.#quietFrom = Math.max(this.#quietFrom, from);
  }

  /**
   * Says whether there are questions to be handed out, and all that belong together have
   * come.
   *
   * @param isBusy Tells that something else of the turn has come, which goes first.
   */
  isGathered(isBusy: boolean): boolean {
    if (this.#fresh.size === 0) return false;
    const now = performance.now();
    if (now - this.#firstAt >= this.#maxMs) return true;
    return !isBusy && now - this.#quietFrom >= this.#quietMs;
  }

  /** Waits for another thing, for a question, or until those that have come may be handed out. */
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

  /** Hands out the questions that have come. */
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
