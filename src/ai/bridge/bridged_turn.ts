import { CodexInputError } from "../../errors/codex_error.ts";
import { onAbort } from "../../util/on_abort.ts";
import { quoted } from "../../util/text.ts";
import type { AiPart } from "../model_types.ts";
import {
  FollowedTurn,
  type NextParts,
  streamParts,
  type TurnMapping,
} from "../turn_stream.ts";
import type { AgentTurn } from "../agent_client.ts";
import type { OfferedTool } from "../call_options.ts";
import type { Answer } from "./answers.ts";
import type { Bridge } from "./bridge.ts";
import type { StepMapper } from "./step_mapper.ts";
import { answerCall } from "./tool_output.ts";
import {
  type EndReason,
  lateStepError,
  WAITING_TURNS,
} from "./waiting_turns.ts";

/** Milliseconds to wait for further events after one, since text before a question is sent first. */
const EVENT_MS = 25;

/** Options of {@linkcode BridgedTurn}. */
export interface BridgedTurnOptions {
  /** The turn. */
  readonly turn: AgentTurn;
  /** The bridge through which it asks. */
  readonly bridge: Bridge;
  /** Maps its events to parts. */
  readonly mapper: StepMapper;
  /** Maps its error, or replaces it by another turn. */
  readonly mapping: Pick<TurnMapping<AiPart>, "fail" | "recover">;
  /** Stops the turn. */
  readonly stop: AbortController;
  /** Milliseconds that it waits for the next step. */
  readonly limitMs: number;
}

/** Options of {@linkcode BridgedTurn.step}. */
export interface StepOptions {
  /** The first part of the answer. */
  readonly first: AiPart;
  /** False if the answer is returned as a whole. */
  readonly isStreamed: boolean;
  /** Stops the turn, until another step replaces this one. */
  readonly signal: AbortSignal | undefined;
  /** The tools that may be called in this step. */
  readonly tools: readonly OfferedTool[];
  /** The answers that the step brings, by the ids of the questions. */
  readonly answers?: ReadonlyMap<string, Answer>;
}

/**
 * A turn that is split into several answers. Each ends where the turn waits for somebody
 * else, and the next one continues with their reply. The turn ends with the last answer, or
 * when it is stopped, when a reader cancels, or when the next step does not come in time.
 */
export class BridgedTurn {
  readonly #options: BridgedTurnOptions;
  readonly #followed: FollowedTurn<AiPart>;
  #ignore: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;
  /** The reason why it cannot be continued, once it is over. */
  #endReason: EndReason | undefined;

  /** Creates it; the turn starts with its first step. */
  constructor(options: BridgedTurnOptions) {
    const { turn, mapper, bridge, mapping } = options;
    this.#options = options;
    this.#followed = new FollowedTurn<AiPart>(turn, {
      ...mapping,
      add: (event) => {
        const ms = mapper.announcesCall(event) ? undefined : EVENT_MS;
        bridge.questions.expect(ms);
        return mapper.add(event);
      },
      end: (turn) => mapper.end(turn),
    });
  }

  /** The thread's id; `null` until it is known. */
  get threadId(): string | null {
    return this.#options.mapper.threadId;
  }

  /** True while it waits for a step to begin. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** True once it is abandoned, stopped or over. */
  get #isEnding(): boolean {
    return this.#endReason !== undefined || this.#options.stop.signal.aborted;
  }

  /** The names of the turn's tools. */
  get tools(): ReadonlySet<string> {
    return this.#options.bridge.tools;
  }

  /**
   * Returns the answer of a step. The turn starts or continues when its first part is
   * requested.
   *
   * @throws {CodexInputError} If the answers lack the result of a call; the turn still waits.
   * Also if another step has continued the turn since it was found.
   */
  step(options: StepOptions): ReadableStream<AiPart> {
    const { first, signal, answers } = options;
    const isTaken = answers !== undefined && !this.#isWaiting;
    if (isTaken && this.#endReason === undefined) {
      throw lateStepError({ endReason: "answered" });
    }
    this.#checkAnswers(answers ?? new Map());
    // From here on, no other step can continue the turn.
    WAITING_TURNS.take(this);
    this.#isWaiting = false;
    this.#ignore();
    const { stop } = this.#options;
    this.#ignore = signal === undefined
      ? (): void => {}
      : onAbort(signal, () => this.#stop(signal.reason));
    if (stop.signal.aborted) this.#ignore();
    let hasBegun = false;
    return streamParts<AiPart>({
      begin: () => [first],
      next: async () => {
        if (hasBegun) return await this.#next();
        hasBegun = true;
        const begun = this.#continue(options);
        const { parts, isLast } = await this.#next();
        return { parts: [...begun, ...parts], isLast };
      },
      cancel: () => this.abandon(),
    });
  }

  /** Ends the turn, which its caller no longer wants; resolves once nothing of it is left. */
  async abandon(): Promise<void> {
    await this.#abandon("abandoned");
  }

  /** Ends the turn because of a signal. */
  #stop(reason: unknown): void {
    this.#options.stop.abort(reason);
    // If a step is being read, its reader gets the error.
    if (this.#isWaiting) void this.#abandon("stopped");
  }

  /** Continues the turn with the answers to its questions. */
  #continue({ isStreamed, tools, answers }: StepOptions): AiPart[] {
    clearTimeout(this.#timer);
    if (this.#endReason !== undefined) {
      throw lateStepError({
        endReason: this.#endReason,
        threadId: this.threadId,
      });
    }
    // Its error follows; its questions no longer matter.
    if (this.#isEnding) return [];
    const { mapper, bridge: { questions, offer } } = this.#options;
    offer(tools);
    questions.expect(EVENT_MS);
    const parts = mapper.beginStep(isStreamed);
    for (const [id, question] of [...questions.open]) {
      const answer = answers?.get(id);
      if (answer === undefined) continue;
      if (question.type === "call") {
        answerCall(question, answer.type === "result" ? answer.output : {});
      } else {
        const isApproved = answer.type === "approval" && answer.isApproved;
        parts.push(...mapper.decide(question, isApproved));
        question.answer(isApproved);
      }
    }
    questions.askAgain();
    return parts;
  }

  /** Returns the next parts: those of the turn, or those that end the step. */
  async #next(): Promise<NextParts<AiPart>> {
    try {
      if (await this.#hasToAsk()) return this.#pause();
      const next = await this.#followed.next();
      if (next.isLast) this.#end("over");
      return next;
    } catch (error) {
      this.#end("over");
      throw error;
    }
  }

  /**
   * Waits for news: returns true if questions are to be passed on, false if the turn has an
   * event or its end. A turn that is abandoned or stopped asks nothing more; its end is still
   * to come.
   */
  async #hasToAsk(): Promise<boolean> {
    const { questions } = this.#options.bridge;
    for (;;) {
      if (!this.#followed.isReady) {
        await questions.waitBeside(this.#followed.ready());
      }
      if (this.#isEnding) return false;
      if (questions.isGathered(this.#followed.isReady)) return true;
      if (this.#followed.isReady) return false;
    }
  }

  /** Ends the step, so that the turn waits for the next one. */
  #pause(): NextParts<AiPart> {
    const { mapper, bridge: { questions }, limitMs } = this.#options;
    const parts = mapper.pause(questions.take());
    this.#isWaiting = true;
    WAITING_TURNS.add(this, [...questions.open.keys()]);
    this.#timer = setTimeout(() => void this.#abandon({ limitMs }), limitMs);
    return { parts, isLast: true };
  }

  /** Ends the turn, unless it is over. Never rejects, since nobody may be waiting for it. */
  async #abandon(why: EndReason): Promise<void> {
    const left = this.#followed.abandon();
    this.#end(why, left);
    await left.catch(() => {});
  }

  /** Cleans up the timer, the listener and the registration of the turn. */
  #end(why: EndReason, ended: Promise<unknown> = Promise.resolve()): void {
    if (this.#endReason !== undefined) return;
    this.#endReason = why;
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    this.#ignore();
    WAITING_TURNS.remove(this, why, ended);
  }

  /** Rejects a step that lacks the result of a call, since the agent waits for all of them. */
  #checkAnswers(answers: ReadonlyMap<string, Answer>): void {
    const missing = [...this.#options.bridge.questions.open.values()].filter(
      ({ id, type }) => type === "call" && answers.get(id)?.type !== "result",
    );
    const [first] = missing;
    if (first?.type !== "call") return;
    throw new CodexInputError(
      `The prompt lacks results for ${missing.length} of the calls that the turn is waiting for, the first ${
        quoted(first.toolName)
      } (${first.id}): answer all calls of a step in the next one`,
      { path: "prompt" },
    );
  }
}
