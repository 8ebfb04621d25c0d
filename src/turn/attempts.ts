import { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import { repairPrompt } from "../output/repair_prompt.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { AttemptStartedEvent } from "../protocol/events.ts";
import type { TurnResult } from "./finish.ts";
import { Turn, type TurnAttempt } from "./turn.ts";
import { NO_USAGE, usageBetween } from "./usage.ts";

/** The turn after one of its attempts, and the next attempt if there is one. */
export interface AfterAttempt<T> {
  /** The turn so far. */
  readonly turn: Turn<T>;
  /** The next attempt; `undefined` if the turn is over. */
  readonly next: NextAttempt | undefined;
}

/** A further attempt at the answer. */
export interface NextAttempt {
  /** Its prompt. */
  readonly prompt: string;
  /** The event that announces the attempt and says why it is made. */
  readonly event: AttemptStartedEvent;
}

/** Sends invalid answers back to the model, as often as `repair` allows. */
export class Attempts<T> {
  readonly #output: StructuredOutput<T>;
  readonly #made: TurnAttempt[] = [];
  #before: Pick<TurnResult, "items" | "turnUsage"> = {
    items: [],
    turnUsage: NO_USAGE,
  };

  /** Prepares for a turn's first attempt. */
  constructor(output: StructuredOutput<T>) {
    this.#output = output;
  }

  /** True if another attempt may follow the current one. */
  get mayRepair(): boolean {
    return this.#made.length < (this.#output.repair ?? 0);
  }

  /**
   * Reads an attempt's answer, and decides what follows.
   *
   * @param result The turn so far, including the items and the usage of earlier attempts.
   * @param tookMs The time since the turn began, in milliseconds.
   */
  async after(result: TurnResult, tookMs: number): Promise<AfterAttempt<T>> {
    const { repair = 0, valuePath = "" } = this.#output;
    const turn = new Turn(result, this.#output, {
      attempts: this.#made,
      durationMs: Math.round(tookMs),
    });
    if (repair === 0) return { turn, next: undefined };
    const error = await readError(turn);
    this.#made.push({
      finalResponse: result.finalResponse,
      error,
      items: result.items.slice(this.#before.items.length),
      turnUsage: usageBetween(this.#before.turnUsage, result.turnUsage),
    });
    this.#before = result;
    const isOver = error === null || this.#made.length > repair ||
      result.threadId === null;
    if (isOver) return { turn, next: undefined };
    return {
      turn,
      next: {
        prompt: repairPrompt(error.issues, valuePath),
        event: {
          type: "attempt.started",
          attempt: this.#made.length + 1,
          max_attempts: repair + 1,
          issues: error.issues,
        },
      },
    };
  }
}

/**
 * Returns the error that rejects a turn's answer, or `null`. Errors that the output
 * type's own code throws are not a reason to ask again.
 */
async function readError(
  turn: Turn<unknown>,
): Promise<CodexStructuredResponseError | null> {
  try {
    await turn.readStructuredResponse();
  } catch (error) {
    if (error instanceof CodexStructuredResponseError) return error;
  }
  return null;
}
