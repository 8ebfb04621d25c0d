import { quoted } from "../../util/text.ts";
import type { OfferedTool } from "../call_options.ts";
import type { AiWarning } from "../model_types.ts";
import type { BridgedTurn } from "./bridged_turn.ts";
import { WAITING_TURNS } from "./waiting_turns.ts";

/** Returns a warning about tools that a turn lacks because it began without them. */
export function warnOfTools(
  tools: readonly OfferedTool[],
  turn: BridgedTurn,
): AiWarning[] {
  const unknown = tools.filter(({ name }) => !turn.tools.has(name));
  if (unknown.length === 0) return [];
  const names = unknown.map(({ name }) => quoted(name)).join(", ");
  return [{
    type: "unsupported",
    feature: "tools",
    details:
      `a turn keeps the tools that it began with: ${names} will be available in the next turn`,
  }];
}

/** Ends the waiting turn of a thread if the prompt brings something else than its answers; returns a warning. */
export async function endWaiting(
  threadId: string | undefined,
): Promise<AiWarning[]> {
  const waiting = threadId === undefined
    ? undefined
    : WAITING_TURNS.findByThread(threadId);
  if (waiting === undefined) return [];
  await waiting.abandon();
  return [{
    type: "other",
    message:
      "The thread's last turn was waiting for the results of its calls and was ended: the prompt continues without them",
  }];
}
