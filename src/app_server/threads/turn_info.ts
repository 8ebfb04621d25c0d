import type { ThreadItem } from "../../protocol/items.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { TurnEvents } from "../events/events.ts";
import { toDate } from "./thread_info.ts";

/** A turn that the CLI keeps. */
export interface TurnInfo {
  /** Its id. */
  readonly id: string;
  /** How it ended, or that it has not. */
  readonly status: "completed" | "interrupted" | "failed" | "running";
  /** What was asked for, as text. */
  readonly prompt: string;
  /** Its completed items, as the events of the turn gave them, with ids of the same form. */
  readonly items: readonly ThreadItem[];
  /** What went wrong; `null` where nothing did. */
  readonly error: string | null;
  /** When it began; `null` where it is not known. */
  readonly startedAt: Date | null;
  /** How long it took, in ms; `null` where it is not known. */
  readonly durationMs: number | null;
}

const STATUSES: { readonly [status: string]: TurnInfo["status"] } = {
  completed: "completed",
  interrupted: "interrupted",
  failed: "failed",
};

/** Reads a turn as the server tells it; what is missing is empty. */
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

/** Gives items as events would have: each as its `item.completed`. */
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
