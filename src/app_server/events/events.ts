import type { StreamedEvent, TurnDelta } from "../../protocol/deltas.ts";
import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import {
  type EventValidatorOptions,
  validateEvent,
} from "../../stream/event_validator.ts";
import { textWithDetails } from "../connection/fields.ts";
import { toExecItem } from "./items.ts";
import { TurnUsage } from "./usage.ts";

/** The notification with the tokens of a thread. */
export const TOKEN_USAGE = "thread/tokenUsage/updated";

/** The kinds of pieces, by the notifications that carry them. */
const DELTA_KINDS: { readonly [method: string]: string } = {
  "item/agentMessage/delta": "agent_message",
  "item/plan/delta": "plan",
  "item/reasoning/summaryTextDelta": "reasoning",
  "item/reasoning/textDelta": "reasoning_text",
  "item/commandExecution/outputDelta": "command_output",
};

/** Options of {@linkcode TurnEvents}. */
export interface TurnEventsOptions extends EventValidatorOptions {
  /** True if pieces of items are wanted. */
  readonly deltas: boolean;
}

/**
 * Maps the notifications of one turn to the events that `codex exec` would print for it, in
 * the same order and with ids of the same form. Does not know the connection.
 *
 * Only the completed item is authoritative: the server leaves out parts of it at its start
 * and in its pieces.
 */
export class TurnEvents {
  readonly #options: TurnEventsOptions;
  readonly #usage = new TurnUsage();
  /** The ids in events of items that have begun and not ended, by the server's ids. */
  readonly #ids = new Map<string, string>();
  /** The open items that are actions, as they were started. */
  readonly #open = new Map<string, JsonObject>();
  #count = 0;
  #plan: { readonly id: string; readonly items: JsonValue } | undefined;
  #diff = "";
  #lastError = "";

  /** Creates a mapper for a new turn. */
  constructor(options: TurnEventsOptions) {
    this.#options = options;
  }

  /** The tokens that the turn and its thread have used so far. */
  get usage(): Pick<TurnUsage, "before" | "total"> {
    return this.#usage;
  }

  /** Notes the last report of the thread's tokens before the turn. */
  usageBefore(tokenUsage: JsonValue | undefined): void {
    this.#usage.startFrom(tokenUsage);
  }

  /**
   * Maps a notification of the turn to events; usually one or none.
   *
   * @throws {CodexProtocolError} With `strict`, if an item is of an unknown kind or has an
   * invalid field.
   */
  map(method: string, params: JsonObject): StreamedEvent[] {
    switch (method) {
      case "turn/started":
        return [{ type: "turn.started" }];
      case "item/started":
        return this.#started(params);
      case "item/completed":
        return this.#completed(params.item);
      case "item/fileChange/patchUpdated":
        return this.#patchUpdated(params);
      case "turn/plan/updated":
        return this.#planned(params);
      case "turn/diff/updated":
        return this.#changed(params);
      case TOKEN_USAGE:
        this.#usage.add(params.tokenUsage, this.#isCompacting);
        return [];
      case "error":
        this.#lastError = describeError(params.error);
        return [{ type: "error", message: this.#lastError }];
      case "warning":
      case "guardianWarning":
        return this.#warning(String(params.message ?? ""));
      case "model/rerouted":
        return this.#warning(
          `model rerouted: ${params.fromModel} -> ${params.toModel} (${params.reason})`,
        );
      case "turn/completed":
        return this.#ended(params);
      default:
        return this.#piece(method, params);
    }
  }

  /** The actions that have begun and not ended, in the server's form. */
  get openItems(): readonly JsonObject[] {
    return [...this.#open.values()];
  }

  /** True while the server is compacting the history. */
  get #isCompacting(): boolean {
    return this.openItems.some(({ type }) => type === "contextCompaction");
  }

  /** Returns the id in events of an item that has begun; empty for any other. */
  findId(serverId: JsonValue | undefined): string {
    return this.#ids.get(String(serverId)) ?? "";
  }

  /**
   * Completes the items that have begun, as failed: after an interruption, the server never
   * completes some of them (facts A10, A11).
   */
  closeItems(): StreamedEvent[] {
    return this.openItems.flatMap((item) =>
      this.#completed({ ...item, status: "failed" })
    );
  }

  #started({ item }: JsonObject): StreamedEvent[] {
    // `codex exec` prints messages and reasoning only once they are complete.
    if (!isObject(item) || isSaid(item)) return [];
    this.#open.set(String(item.id), item);
    const isKnown = this.#ids.has(String(item.id));
    return this.#itemEvent(
      isKnown ? "item.updated" : "item.started",
      item,
      () => this.#chooseId(item),
    );
  }

  #completed(item: JsonValue | undefined): StreamedEvent[] {
    if (!isObject(item)) return [];
    const events = this.#itemEvent(
      "item.completed",
      item,
      () => this.#chooseId(item),
    );
    this.#ids.delete(String(item.id));
    this.#open.delete(String(item.id));
    return events;
  }

  #patchUpdated({ itemId, changes }: JsonObject): StreamedEvent[] {
    const item = {
      type: "fileChange",
      id: itemId ?? "",
      changes: changes ?? [],
    };
    return this.#itemEvent("item.updated", item, () => this.#chooseId(item));
  }

  #planned({ plan }: JsonObject): StreamedEvent[] {
    const steps = Array.isArray(plan) ? plan.filter(isObject) : [];
    const items = steps.map(({ step, status }) => ({
      text: step ?? "",
      completed: status === "completed",
    }));
    const type = this.#plan === undefined ? "item.started" : "item.updated";
    this.#plan = { id: this.#plan?.id ?? this.#nextId(), items };
    return [this.#validated({ type, item: planItem(this.#plan) })];
  }

  #changed({ diff }: JsonObject): StreamedEvent[] {
    // The server sends the same diff several times.
    if (!this.#options.deltas || typeof diff !== "string") return [];
    if (diff === this.#diff) return [];
    this.#diff = diff;
    return [{ type: "turn.diff", diff }];
  }

  #warning(message: string): StreamedEvent[] {
    return [{
      type: "item.completed",
      item: { id: this.#nextId(), type: "error", message },
    }];
  }

  #ended({ turn }: JsonObject): StreamedEvent[] {
    const events: StreamedEvent[] = [];
    if (this.#plan !== undefined) {
      const item = planItem(this.#plan);
      events.push(this.#validated({ type: "item.completed", item }));
    }
    if (!isObject(turn)) return events;
    const items = Array.isArray(turn.items) ? turn.items.filter(isObject) : [];
    for (const item of items) {
      if (this.#ids.has(String(item.id)) && !isSaid(item)) {
        events.push(...this.#completed(item));
      }
    }
    if (turn.status === "completed") {
      events.push({ type: "turn.completed", usage: this.#usage.total });
    }
    if (turn.status === "failed") {
      const message = describeError(turn.error) || this.#lastError ||
        "turn failed";
      events.push({ type: "turn.failed", error: { message } });
    }
    return events;
  }

  /** Returns the piece of an item that a notification carries. */
  #piece(method: string, params: JsonObject): StreamedEvent[] {
    if (!this.#options.deltas || !Object.hasOwn(DELTA_KINDS, method)) return [];
    const { itemId, delta } = params;
    if (typeof itemId !== "string" || typeof delta !== "string") return [];
    return [{
      type: "item.delta",
      item_id: this.#chooseId({ id: itemId }),
      kind: DELTA_KINDS[method],
      delta,
    } as TurnDelta];
  }

  #itemEvent(
    type: string,
    item: JsonObject,
    id: () => string,
  ): StreamedEvent[] {
    const mapped = toExecItem(item, id);
    return mapped === undefined
      ? []
      : [this.#validated({ type, item: mapped })];
  }

  #validated(event: JsonObject): StreamedEvent {
    return validateEvent(event, null, this.#options);
  }

  /** Returns the id that an item keeps until it has ended. */
  #chooseId({ id }: JsonObject): string {
    const known = this.#ids.get(String(id));
    if (known !== undefined) return known;
    const fresh = this.#nextId();
    this.#ids.set(String(id), fresh);
    return fresh;
  }

  #nextId(): string {
    return `item_${this.#count++}`;
  }
}

/** Tells whether an item is text from the agent rather than an action. */
function isSaid({ type }: JsonObject): boolean {
  return type === "agentMessage" || type === "reasoning";
}

function planItem(
  { id, items }: { readonly id: string; readonly items: JsonValue },
): JsonObject {
  return { id, type: "todo_list", items };
}

/** Writes an error as `codex exec` does: its message, followed by its details. */
function describeError(error: JsonValue | undefined): string {
  if (!isObject(error)) return "";
  return textWithDetails(error.message, error.additionalDetails);
}
