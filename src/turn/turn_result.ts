import { optionsOf } from "../errors/codex_error.ts";
import { schemaRefusal } from "./failures.ts";
import { finishTurn, type TurnResult } from "./finish.ts";
import type { TurnState } from "./state.ts";
import type { TurnEnding, TurnRequest } from "../transport/transport.ts";
import {
  CodexExecError,
  CodexThreadNotFoundError,
  CodexThreadRunError,
  type TurnErrorOptions,
} from "../errors/turn_errors.ts";

/** What the CLI writes to stderr, and only there, for a thread that it does not know (facts F9). */
const NO_SUCH_THREAD = "no rollout found for thread id";

/**
 * What a turn of a thread comes to.
 *
 * @throws {CodexError} The one error that its user sees, where it ended badly. What
 * the thread and the request tell of the reason is said by its class and code.
 */
export function turnResult(
  state: TurnState,
  ending: TurnEnding | null,
  { threadId, outputSchema }: TurnRequest,
): TurnResult {
  const outcome = finishTurn(
    state,
    ending ?? { type: "aborted", reason: undefined, process: null },
  );
  if (outcome.ok) return outcome.result;
  const { error } = outcome;
  if (
    threadId !== null && error instanceof CodexExecError &&
    error.stderr.includes(NO_SUCH_THREAD)
  ) {
    throw new CodexThreadNotFoundError(
      `Cannot resume thread ${threadId}: the CLI knows no such thread`,
      {
        requestedThreadId: threadId,
        openedThreadId: null,
        facts: (optionsOf(error) as TurnErrorOptions).facts,
      },
    );
  }
  if (
    outputSchema !== undefined && error instanceof CodexThreadRunError &&
    error.code === "turn_failed"
  ) {
    const reason = schemaRefusal(error.message);
    if (reason !== undefined) {
      throw new CodexThreadRunError(
        `The service refuses the output schema: ${reason}`,
        {
          facts: (optionsOf(error) as TurnErrorOptions).facts,
          code: "invalid_output_schema",
          cause: error,
        },
      );
    }
  }
  throw error;
}
