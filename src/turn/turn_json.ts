import { CodexInputError } from "../errors/codex_error.ts";
import { errorFromJSON } from "../errors/error_json.ts";
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
  if (!isTurnJson(value)) {
    throw new CodexInputError(
      "Cannot read a turn: give what the toJSON() of a turn gave",
      { path: "value" },
    );
  }
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

/** Tells whether a value is a turn as JSON, as far as that is told without its items. */
function isTurnJson(value: unknown): value is TurnJson {
  if (typeof value !== "object" || value === null) return false;
  const { items, attempts, warnings, diagnostics, finalResponse }: {
    readonly [Name in keyof TurnJson]?: unknown;
  } = value;
  return [items, attempts, warnings, diagnostics].every(Array.isArray) &&
    typeof finalResponse === "string";
}
