import { CodexProtocolError } from "../../errors/protocol_errors.ts";
import { CodexIncompleteTurnError } from "../../errors/turn_errors.ts";
import type { ProcessFacts } from "../../errors/turn_facts.ts";
import { isObject } from "../../protocol/json.ts";
import type { StopCause, TurnEnding } from "../../transport/ending.ts";
import { closedReason } from "../server/app_server.ts";
import type { ServerEnd } from "../server/session.ts";
import { isInterrupted, type TurnOver } from "./turn_channel.ts";

/** The facts that decide how a turn ended. */
export interface EndedTurn {
  /** The end as the channel saw it; `undefined` if it saw none. */
  readonly over: TurnOver | undefined;
  /** The reason why the client stopped it; `undefined` if it did not. */
  readonly stopped: StopCause | undefined;
  /** True if the client has been closed. */
  readonly isClosed: boolean;
}

/** Maps the facts about an ended turn to its ending. */
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

/** Returns the ending of a turn whose client was closed while the turn was starting or running. */
export function closedEnding(process: ProcessFacts | null): TurnEnding {
  return { type: "aborted", reason: closedReason(), process };
}
