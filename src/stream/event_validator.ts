import type { DiagnosticListener } from "../protocol/diagnostics.ts";
import type {
  ItemCompletedEvent,
  ThreadEvent,
  UnknownThreadEvent,
} from "../protocol/events.ts";
import type { ThreadItem, UnknownThreadItem } from "../protocol/items.ts";
import { isObject, type JsonObject, type JsonValue } from "../protocol/json.ts";
import { eventRules, ITEM_EVENT_TYPES } from "../protocol/event_rules.ts";
import { isKnownValid } from "../protocol/quick_check.ts";
import type { Rule } from "../protocol/rule.ts";
import { jsonPointer, shorten } from "../util/text.ts";
import { protocolError } from "../errors/protocol_errors.ts";

/** Options of {@linkcode parseThreadEvent} and {@linkcode ThreadEventValidatorStream}. */
export interface EventValidatorOptions {
  /**
   * `true` if an event or item that is unknown or has a wrong field is an error rather
   * than an event or item of type `unknown`.
   *
   * @default {false}
   */
  strict?: boolean;
  /** Receives a diagnostic for each unknown or wrong part, at most 20 for one event. */
  onDiagnostic?: DiagnosticListener;
}

/** The most issues that are reported for one event; a line may have millions. */
const MAX_ISSUES = 20;

/** The usage fields that CLIs before 0.163 omit. */
const LATER_USAGE_FIELDS = [
  "cache_write_input_tokens",
  "reasoning_output_tokens",
];

/**
 * Parses a JSON object as an event.
 *
 * Nothing is dropped: an event of an unknown kind or with a wrong field becomes an
 * {@linkcode UnknownThreadEvent}, and an item likewise an {@linkcode UnknownThreadItem}
 * inside its event, each with all of its data. Unknown keys of known kinds are kept.
 * The result is the object itself, except if it needs a change: an unknown item, or zeros
 * for the usage fields that older CLIs omit. Then it is a copy; the object is never changed.
 *
 * @throws {CodexProtocolError} With `strict`, instead of an unknown event or item.
 *
 * @example Parse one event
 * ```ts
 * import { parseThreadEvent } from "@acodex/sdk/streams";
 *
 * const event = parseThreadEvent({ type: "error", message: "Reconnecting... 1/5" });
 * if (event.type === "error") console.log(event.message);
 * ```
 */
export function parseThreadEvent(
  value: JsonObject,
  options: EventValidatorOptions = {},
): ThreadEvent {
  return validateEvent(value, null, options);
}

/** Parses the object of a line as an event; see {@linkcode parseThreadEvent}. */
export function validateEvent(
  value: JsonObject,
  lineNumber: number | null,
  options: EventValidatorOptions,
): ThreadEvent {
  const type = value.type;
  const isItemEvent = typeof type === "string" && ITEM_EVENT_TYPES.has(type);
  // This holds for nearly all events; the rules would take a tenth of a stream's whole time.
  if (isItemEvent && isObject(value.item) && isKnownValid(value.item)) {
    return value as unknown as ItemCompletedEvent;
  }
  const context = { lineNumber, options };
  if (typeof type !== "string") {
    report(context, "invalid", "/type", "expected a string");
    return unknownEvent(value);
  }
  if (isItemEvent) {
    const item = readItem(value.item, context);
    if (item === undefined) return unknownEvent(value);
    // A known item is the object itself; an unknown one replaces it.
    const event = item === value.item ? value : { ...value, item };
    return event as unknown as ItemCompletedEvent;
  }
  const rule = own<Rule<ThreadEvent>>(eventRules().events, type);
  if (rule === undefined) {
    report(context, "unknown", "/type", `unknown event type ${quote(type)}`);
    return unknownEvent(value);
  }
  const event = type === "turn.completed" ? withLaterUsageFields(value) : value;
  return matches(rule, event, [], context) ? event : unknownEvent(value);
}

/** The line that a value comes from, and the options for reporting its problems. */
interface Context {
  readonly lineNumber: number | null;
  readonly options: EventValidatorOptions;
}

/** Reports an unknown or wrong part; throws with `strict`. */
function report(
  { lineNumber, options }: Context,
  kind: "unknown" | "invalid",
  path: string,
  message: string,
): void {
  if (options.strict) {
    throw protocolError({
      code: "unexpected_event",
      lineNumber,
      message: shorten(`Cannot read an event at ${path}: ${message}`),
    });
  }
  options.onDiagnostic?.({ kind, lineNumber, path, message });
}

/** Parses the item, known or unknown; returns `undefined` if it is not an object. */
function readItem(
  value: JsonValue | undefined,
  context: Context,
): ThreadItem | JsonObject | undefined {
  if (!isObject(value)) {
    report(context, "invalid", "/item", "expected an object");
    return undefined;
  }
  const type = value.type;
  const rule = typeof type === "string"
    ? own<Rule<ThreadItem>>(eventRules().items, type)
    : undefined;
  if (rule === undefined) {
    const message = `unknown item type ${quote(type)}`;
    report(context, "unknown", "/item/type", message);
    return unknownItem(value);
  }
  return matches(rule, value, ["item"], context) ? value : unknownItem(value);
}

/** Tells whether a value matches a rule, and reports the first issues if it does not. */
function matches<T>(
  rule: Rule<T>,
  value: unknown,
  path: readonly string[],
  context: Context,
): value is T {
  if (rule.matches(value)) return true;
  let count = 0;
  for (const issue of rule.issues(value, path)) {
    report(context, "invalid", jsonPointer(issue.path), issue.message);
    if (++count === MAX_ISSUES) break;
  }
  return false;
}

/** Returns the table's own entry, as `constructor` is not a type. */
function own<T>(
  table: { readonly [key: string]: T },
  key: string,
): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Returns the event itself if its usage is complete, else a copy with zeros added. */
function withLaterUsageFields(event: JsonObject): JsonObject {
  const { usage } = event;
  if (!isObject(usage)) return event;
  const missing = LATER_USAGE_FIELDS.filter((field) =>
    usage[field] === undefined || usage[field] === null
  );
  if (missing.length === 0) return event;
  const zeros = Object.fromEntries(missing.map((field) => [field, 0]));
  return { ...event, usage: { ...usage, ...zeros } };
}

function unknownEvent(raw: JsonObject): UnknownThreadEvent {
  return { type: "unknown", event_type: text(raw.type), raw };
}

function unknownItem(raw: JsonObject): UnknownThreadItem {
  return { type: "unknown", id: text(raw.id), item_type: text(raw.type), raw };
}

/** Describes a type in a message; without the content of objects and arrays, which may be nested deeply. */
function quote(type: JsonValue | undefined): string {
  if (Array.isArray(type)) return "(an array)";
  if (isObject(type)) return "(an object)";
  return shorten(JSON.stringify(type) ?? "(none)", 100);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
