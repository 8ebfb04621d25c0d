import { CodexInputError } from "../errors/codex_error.ts";
import { errorFromJSON, isListOfObjects } from "../errors/error_json.ts";
import { isTokenCount, TOKEN_COUNTS } from "../protocol/token_counts.ts";
import type { CodexStructuredResponseError } from "../errors/turn_errors.ts";
import type { TurnOptions } from "../options/options.ts";
import { structuredOutput } from "../output/structured_output.ts";
import { Turn, type TurnAttempt, type TurnJson } from "./turn.ts";

/**
 * Makes a turn again from what its `toJSON()` gave, after any number of trips through
 * JSON: a job's result, a turn kept in a file.
 *
 * @param options What the turn asked for: `structuredResponse` is read by it.
 * @throws {CodexInputError} If the value is no such turn.
 * @throws {CodexOutputSchemaError} For an output schema or type that cannot be used.
 *
 * @example Hand a turn on as text
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

/** Makes the error for a value that is no turn. */
function notATurn(): CodexInputError {
  return new CodexInputError(
    "Cannot read a turn: pass what toJSON() of a turn returned",
    { path: "value" },
  );
}

/** Tells whether a value is a turn as JSON, as far as that is told without what an item holds. */
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

/** Tells whether a value is a token total, or none. */
function isUsage(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === "object" &&
    TOKEN_COUNTS.every((name) => isTokenCount(Reflect.get(value, name)));
}
