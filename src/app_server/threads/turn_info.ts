import type { ThreadItem } from "../../protocol/items.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { TurnEvents } from "../events/events.ts";
import { toDate } from "./thread_info.ts";

/** A turn that the CLI has saved. */
export interface TurnInfo {
  /** The turn's id. */
  readonly id: string;
  /** The status: the way in which the turn ended, or `running`. */
  readonly status: "completed" | "interrupted" | "failed" | "running";
  /** The text of the prompt. */
  readonly prompt: string;
  /** The items, as the events of the turn showed them once complete, with ids of the same form. */
  readonly items: readonly ThreadItem[];
  /** The error message; `null` if there was no error. */
  readonly error: string | null;
  /** The time at which the turn began; `null` if unknown. */
  readonly startedAt: Date | null;
  /** The duration in ms; `null` if unknown. */
  readonly durationMs: number | null;
}

const STATUSES: { readonly [status: string]: TurnInfo["status"] } = {
  completed: "completed",
  interrupted: "interrupted",
  failed: "failed",
};

/** Reads a turn in the server's form; missing texts are empty. */
export function toTurnInfo(turn: JsonObject): TurnInfo {
  const { id, status, error, startedAt, durationMs } = turn;
  const given = Array.isArray(turn.items) ? turn.items.filter(isObject) : [];
  return {
    id: String(id ?? ""),
    status: STATUSES[String(status)] ?? "running",
    prompt: given.filter(({ type }) => type === "userMessage")
      .flatMap(({ content }) => readTexts(content)).join("\n\n"),
    items: readItems(given),
    error: isObject(error) ? String(error.message ?? "") : null,
    startedAt: toDate(startedAt),
    durationMs: typeof durationMs === "number" ? durationMs : null,
  };
}

/** Maps items as events would show them, each as in its `item.completed`. */
function readItems(given: readonly JsonObject[]): ThreadItem[] {
  const events = new TurnEvents({ deltas: false, strict: false });
  return given.flatMap((item) =>
    events.map("item/completed", { item }).flatMap((event) =>
      event.type === "item.completed" ? [event.item] : []
    )
  );
}

function readTexts(content: JsonValue | undefined): string[] {
  return Array.isArray(content)
    ? content.filter(isObject).flatMap(({ text }) =>
      typeof text === "string" ? [text] : []
    )
    : [];
}
