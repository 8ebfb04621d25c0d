import { CodexProtocolError } from "../../errors/protocol_errors.ts";
import { CodexIncompleteTurnError } from "../../errors/turn_errors.ts";
import type { ProcessFacts } from "../../errors/turn_facts.ts";
import { isObject } from "../../protocol/json.ts";
import type { StopCause, TurnEnding } from "../../transport/ending.ts";
import { closedReason } from "../server/app_server.ts";
import type { ServerEnd } from "../server/session.ts";
import { isInterrupted, type TurnOver } from "./turn_channel.ts";

/** Everything that decides how a turn ended. */
export interface EndedTurn {
  /** How it was over, as far as the server said; `undefined` where it said nothing. */
  readonly over: TurnOver | undefined;
  /** Why it was stopped from this side; `undefined` where it was not. */
  readonly stopped: StopCause | undefined;
  /** True if the client has been closed. */
  readonly isClosed: boolean;
}

/** Maps how a turn was over to its ending. */
export function toTurnEnding(turn: EndedTurn): TurnEnding {
  const { over, stopped } = turn;
  if (over?.type === "server_ended") return toServerEnding(over.end, turn);
  if (stopped !== undefined) return { ...stopped, process: null };
  switch (over?.type) {
    case "failed":
      return over.error instanceof CodexProtocolError
        ? { type: "protocol_error", problem: over.error.problem, process: null }
        : { type: "failed", error: over.error, process: null };
    case "completed": {
      if (isInterrupted(over.turn)) {
        return { type: "interrupted", process: null };
      }
      const { error } = over.turn;
      const errorInfo = isObject(error) ? error.codexErrorInfo : undefined;
      return {
        type: "exited",
        process: null,
        lingered: false,
        ...(errorInfo === undefined ? {} : { errorInfo }),
      };
    }
    default:
      return { type: "exited", process: null, lingered: false };
  }
}

function toServerEnding(
  end: ServerEnd,
  { stopped, isClosed }: EndedTurn,
): TurnEnding {
  const { process } = end;
  if (stopped !== undefined) return { ...stopped, process };
  if (end.type === "protocol_error") return end;
  if (isClosed) return closedEnding(process);
  if (end.type === "disconnected") {
    const error = new CodexIncompleteTurnError(
      `The connection to codex app-server was lost during the turn, which may still be running there: ${end.reason}`,
      { reason: "disconnected" },
    );
    return { type: "failed", error, process };
  }
  return { type: "exited", process, lingered: false };
}

/** Gives the ending of a turn whose client was closed while it was on its way, or ran. */
export function closedEnding(process: ProcessFacts | null): TurnEnding {
  return { type: "aborted", reason: closedReason(), process };
}
