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
import { goneError, WAITING_TURNS, type WhyGone } from "./waiting_turns.ts";

/** How long another event is waited for after one, in ms: what was said before a question goes first. */
const EVENT_MS = 25;

/** Everything that a turn of several answers is made of. */
export interface BridgedTurnOptions {
  /** The turn. */
  readonly turn: AgentTurn;
  /** What has it ask others. */
  readonly bridge: Bridge;
  /** Maps it. */
  readonly mapper: StepMapper;
  /** Maps its error, and gives another turn in its place. */
  readonly mapping: Pick<TurnMapping<AiPart>, "fail" | "recover">;
  /** Stops it. */
  readonly stop: AbortController;
  /** How long it waits for the next step, in ms. */
  readonly limitMs: number;
}

/** What an answer of such a turn is asked for with. */
export interface StepOptions {
  /** What comes first. */
  readonly first: AiPart;
  /** False if the answer is handed out as one whole. */
  readonly isStreamed: boolean;
  /** Stops the turn, until another step takes its place. */
  readonly signal: AbortSignal | undefined;
  /** The tools that may be called in it. */
  readonly tools: readonly OfferedTool[];
  /** What the step answers, by the ids of the questions. */
  readonly answers?: ReadonlyMap<string, Answer>;
}

/**
 * A turn that is handed out in several answers: each ends where the turn waits for somebody
 * else, and the next one goes on with what that one has answered. It ends with the last, when
 * it is stopped, when a reader leaves, or when nobody goes on with it in time.
 */
export class BridgedTurn {
  readonly #options: BridgedTurnOptions;
  readonly #followed: FollowedTurn<AiPart>;
  #ignore: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;
  /** Set when it is over: why it cannot be gone on with. */
  #gone: WhyGone | undefined;

  /** Makes it; the turn starts with its first step. */
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

  /** The thread, once it is known. */
  get threadId(): string | null {
    return this.#options.mapper.threadId;
  }

  /** True while it waits for a step, and none has begun. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** True once it is left or stopped, before its end has come. */
  get #isEnding(): boolean {
    return this.#gone !== undefined || this.#options.stop.signal.aborted;
  }

  /** The names of the tools that it has. */
  get tools(): ReadonlySet<string> {
    return this.#options.bridge.tools;
  }

  /**
   * Hands out the answer of a step, which starts or goes on when its first part is asked for.
   *
   * @throws {CodexInputError} If a call has no result among the answers; the turn still waits.
   */
  step(options: StepOptions): ReadableStream<AiPart> {
    const { first, signal } = options;
    this.#checkAnswers(options.answers ?? new Map());
    // From here on, nobody else can go on with it.
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
        const begun = this.#goOn(options);
        const { parts, isLast } = await this.#next();
        return { parts: [...begun, ...parts], isLast };
      },
      cancel: () => this.abandon(),
    });
  }

  /** Ends the turn, whose caller goes on without it; done when nothing of it is left. */
  async abandon(): Promise<void> {
    await this.#leave("left");
  }

  /** Ends the turn, for a signal. */
  #stop(reason: unknown): void {
    this.#options.stop.abort(reason);
    // Of one that is being read, the reader is told.
    if (this.#isWaiting) void this.#leave("stopped");
  }

  /** Has the turn go on with what was asked. */
  #goOn({ isStreamed, tools, answers }: StepOptions): AiPart[] {
    clearTimeout(this.#timer);
    if (this.#gone !== undefined) {
      throw goneError({ gone: this.#gone, threadId: this.threadId });
    }
    // Its error follows; what it has asked is nobody's any more.
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

  /** Gives the next parts: of the turn, or what ends the step. */
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
   * Waits for what comes next: true if questions are to be handed out, false if the turn has
   * something. One that is left or stopped asks nobody any more: its end is still to come.
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

  /** Ends the step: the turn waits for the next one. */
  #pause(): NextParts<AiPart> {
    const { mapper, bridge: { questions }, limitMs } = this.#options;
    const parts = mapper.pause(questions.take());
    this.#isWaiting = true;
    WAITING_TURNS.add(this, [...questions.open.keys()]);
    this.#timer = setTimeout(() => void this.#leave({ limitMs }), limitMs);
    return { parts, isLast: true };
  }

  /** Ends the turn, if it is not over; never fails, since nobody may wait for it. */
  async #leave(why: WhyGone): Promise<void> {
    const left = this.#followed.leave();
    this.#end(why, left);
    await left.catch(() => {});
  }

  /** Leaves nothing of it: no timer, no listener, no place to be found at. */
  #end(why: WhyGone, ended: Promise<unknown> = Promise.resolve()): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    this.#ignore();
    WAITING_TURNS.remove(this, why, ended);
  }

  /** Rejects a step that leaves out the result of a call: the agent waits for all of them. */
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
