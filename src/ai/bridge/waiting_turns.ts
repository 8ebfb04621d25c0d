import { type CodexError, CodexInputError } from "../../errors/codex_error.ts";
import {
  CodexThreadRunError,
  CodexTimeoutError,
} from "../../errors/turn_errors.ts";
import { NO_TURN_FACTS } from "../../errors/turn_facts.ts";
import { isSameThread } from "../../input/thread_id.ts";
import type { BridgedTurn } from "./bridged_turn.ts";

/** The reason why a turn cannot be continued: the limit that it exceeded, or the way it ended. */
export type EndReason =
  | { readonly limitMs: number }
  | "stopped"
  | "abandoned"
  | "over";

/** The state of a question that was passed on. */
interface Question {
  readonly turn: BridgedTurn | undefined;
  readonly threadId: string | null;
  /** The reason why it no longer waits; `answered` while the turn continues. */
  readonly endReason: EndReason | "answered" | undefined;
  /** Settles once nothing of a turn that is over is left. */
  readonly ended?: Promise<unknown>;
}

/** The most questions of ended turns that are remembered, for their errors. */
const MAX_GONE = 1000;

/** The prefix of the ids of questions, which identifies turns of this package. */
const PREFIX = "codex-";

/** Creates the id of a question. It cannot be guessed, since anyone who knows it may answer. */
export function questionId(type: "call" | "approval"): string {
  return `${PREFIX}${type}-${crypto.randomUUID()}`;
}

/** The turns of this process that wait for a step, by the ids of their questions. */
export class WaitingTurns {
  readonly #asked = new Map<string, Question>();
  readonly #ids = new Map<BridgedTurn, Set<string>>();

  /** Adds a waiting turn. */
  add(turn: BridgedTurn, ids: readonly string[]): void {
    const all = this.#ids.get(turn) ?? new Set();
    this.#ids.set(turn, all);
    const { threadId } = turn;
    for (const id of ids) {
      all.add(id);
      this.#asked.set(id, { turn, threadId, endReason: undefined });
    }
  }

  /** Notes that a step continues a turn. */
  take(turn: BridgedTurn): void {
    this.#setAll(turn, "answered");
  }

  /**
   * Removes a turn that is over; the reason is remembered for some time.
   *
   * @param ended Settles once nothing of it is left.
   */
  remove(turn: BridgedTurn, why: EndReason, ended: Promise<unknown>): void {
    this.#setAll(turn, why, ended);
    this.#ids.delete(turn);
    for (const [id, { endReason }] of this.#asked) {
      if (this.#asked.size <= MAX_GONE) break;
      if (endReason !== undefined && endReason !== "answered") {
        this.#asked.delete(id);
      }
    }
  }

  /**
   * Finds the turn that waits for one of these answers; returns `undefined` if none of them
   * answers a question of this package.
   *
   * @throws {CodexTimeoutError} If the turn has waited too long.
   * @throws {CodexThreadRunError} With code `turn_not_running`, if the turn is over, or not in
   * this process.
   * @throws {CodexInputError} If another step has already continued the turn.
   */
  async find(ids: Iterable<string>): Promise<BridgedTurn | undefined> {
    let gone: Question | undefined;
    let isOurs = false;
    for (const id of ids) {
      if (!id.startsWith(PREFIX)) continue;
      isOurs = true;
      const asked = this.#asked.get(id);
      if (asked?.turn !== undefined && asked.endReason === undefined) {
        return asked.turn;
      }
      gone ??= asked;
    }
    if (!isOurs) return undefined;
    await gone?.ended?.catch(() => {});
    throw lateStepError(gone ?? {});
  }

  /** Finds the turn of a thread that waits for a step. */
  findByThread(threadId: string): BridgedTurn | undefined {
    for (const turn of this.#ids.keys()) {
      const own = turn.isWaiting ? turn.threadId : null;
      if (own !== null && isSameThread(threadId, own)) return turn;
    }
    return undefined;
  }

  #setAll(
    turn: BridgedTurn,
    endReason: EndReason | "answered",
    ended?: Promise<unknown>,
  ): void {
    const isOver = endReason !== "answered";
    for (const id of this.#ids.get(turn) ?? []) {
      // Moved to the end, since the oldest entries are forgotten first.
      this.#asked.delete(id);
      this.#asked.set(id, {
        turn: isOver ? undefined : turn,
        threadId: turn.threadId,
        endReason,
        ended,
      });
    }
  }
}

/** The waiting turns of the whole process, since each request of a server may create its own client. */
export const WAITING_TURNS: WaitingTurns = new WaitingTurns();

/** Creates the error of a step that comes too late, from the known facts about its turn. */
export function lateStepError(
  { endReason, threadId = null }: Partial<
    Pick<Question, "endReason" | "threadId">
  >,
): CodexError {
  if (endReason === "answered") {
    return new CodexInputError(
      "The prompt answers calls that another step has already answered: continue with the result of that step",
      { path: "prompt" },
    );
  }
  const facts = { ...NO_TURN_FACTS, threadId };
  if (typeof endReason === "object") {
    return new CodexTimeoutError(
      `The turn waited ${endReason.limitMs} ms for the answers to its calls and was ended (nextStepTimeoutMs): send a new prompt, the thread continues`,
      { limitMs: endReason.limitMs, facts },
    );
  }
  const why = endReason === undefined
    ? "is not in this process, or was ended long ago"
    : endReason === "stopped"
    ? "was cancelled while it waited"
    : endReason === "abandoned"
    ? "was abandoned"
    : "has ended";
  return new CodexThreadRunError(
    `The prompt answers calls of a turn that ${why}: send a new prompt, the thread continues`,
    { code: "turn_not_running", facts },
  );
}
