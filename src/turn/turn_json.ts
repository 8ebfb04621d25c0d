import { CodexInputError } from "../errors/codex_error.ts";
import { errorFromJSON, isListOfObjects } from "../errors/error_json.ts";
import { isTokenCount, TOKEN_COUNTS } from "../protocol/token_counts.ts";
import type { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import type { TurnOptions } from "../options/options.ts";
import { structuredOutput } from "../output/structured_output.ts";
import { Turn, type TurnAttempt, type TurnJson } from "./turn.ts";

/**
 * Restores a turn from the return value of its `toJSON()`, after any number of round
 * trips through JSON: the result of a job, or a turn stored in a file.
 *
 * @param options The output options of the turn; `structuredResponse` is parsed with
 * them.
 * @throws {CodexInputError} If the value is not such a turn.
 * @throws {CodexOutputSchemaError} If the output schema or type cannot be used.
 *
 * @example Pass on a turn as text
 * ```ts
 * import { type Turn, turnFromJSON } from "@acodex/sdk";
 * import { z } from "zod";
 *
 * const Risks = z.object({ risks: z.array(z.string()) });
 *
 * const write = (turn: Turn): string => JSON.stringify(turn);
 *
 * async function readRisks(text: string): Promise<string[]> {
 *   const turn = await turnFromJSON(JSON.parse(text), { outputType: Risks });
 *   return turn.structuredResponse.risks;
 * }
 * ```
 */
export async function turnFromJSON<T = unknown>(
  value: unknown,
  options: Pick<TurnOptions<T>, "outputSchema" | "outputType" | "strict"> = {},
): Promise<Turn<T>> {
  if (!isTurnJson(value)) throw notATurn();
  const { attempts, durationMs, ...result } = value;
  return new Turn(result, await structuredOutput(options), {
    durationMs,
    attempts: attempts.map((attempt): TurnAttempt => ({
      ...attempt,
      error: attempt.error &&
        errorFromJSON(attempt.error) as CodexStructuredResponseError,
    })),
  });
}

/** Creates the error for a value that is not a turn. */
function notATurn(): CodexInputError {
  return new CodexInputError(
    "Cannot read a turn: pass what toJSON() of a turn returned",
    { path: "value" },
  );
}

/** Tells whether a value is a turn as JSON; the contents of its items are not checked. */
function isTurnJson(value: unknown): value is TurnJson {
  if (typeof value !== "object" || value === null) return false;
  const turn: { readonly [Name in keyof TurnJson]?: unknown } = value;
  return isListOfObjects(turn.items) && isListOfObjects(turn.attempts) &&
    isListOfObjects(turn.diagnostics) && Array.isArray(turn.warnings) &&
    isUsage(turn.usage) && isUsage(turn.turnUsage) &&
    typeof turn.durationMs === "number" &&
    typeof turn.finalResponse === "string" &&
    (turn.threadId === null || typeof turn.threadId === "string");
}

/** Tells whether a value is a token total or `null`. */
function isUsage(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === "object" &&
    TOKEN_COUNTS.every((name) => isTokenCount(Reflect.get(value, name)));
}
