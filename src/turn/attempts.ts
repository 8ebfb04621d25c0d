import { repairPrompt } from "../output/repair_prompt.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import { type TurnResult, usageBetween } from "./finish.ts";
import { NO_USAGE } from "./reduce.ts";
import { Turn, type TurnAttempt } from "./turn.ts";
import { CodexStructuredResponseError } from "../errors/turn_errors.ts";

/** What follows an attempt: the turn, or another attempt. */
export type AfterAttempt<T> =
  | { readonly turn: Turn<T> }
  | { readonly prompt: string };

/** Sends answers that are not what was asked for back, as often as the turn allows. */
export class Repairs<T> {
  readonly #output: StructuredOutput<T>;
  readonly #attempts: TurnAttempt[] = [];
  #before: Pick<TurnResult, "items" | "turnUsage"> = {
    items: [],
    turnUsage: NO_USAGE,
  };

  /** Prepares for a turn's first attempt. */
  constructor(output: StructuredOutput<T>) {
    this.#output = output;
  }

  /**
   * What follows an attempt.
   *
   * @param result The turn up to here, with the items and the usage of the
   * attempts before it.
   */
  async after(result: TurnResult): Promise<AfterAttempt<T>> {
    const { repair = 0, place = "" } = this.#output;
    const turn = new Turn(result, this.#output, this.#attempts);
    if (repair === 0) return { turn };
    const error = await errorOf(turn);
    this.#attempts.push({
      finalResponse: result.finalResponse,
      error,
      items: result.items.slice(this.#before.items.length),
      turnUsage: usageBetween(this.#before.turnUsage, result.turnUsage),
    });
    this.#before = result;
    const isOver = error === null || this.#attempts.length > repair ||
      result.threadId === null;
    return isOver ? { turn } : { prompt: repairPrompt(error.issues, place) };
  }
}

/** What is wrong with a turn's answer. An error of the type's own code is no reason to ask again. */
async function errorOf(
  turn: Turn<unknown>,
): Promise<CodexStructuredResponseError | null> {
  try {
    await turn.readStructuredResponse();
  } catch (error) {
    if (error instanceof CodexStructuredResponseError) return error;
  }
  return null;
}
