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
   * True if an event or item that is unknown or has a wrong field is an error rather
   * than an event of type `unknown`.
   *
   * @default {false}
   */
  strict?: boolean;
  /** Receives what is unknown or wrong in each event or item, at most 20 diagnostics of one. */
  onDiagnostic?: DiagnosticListener;
}

/** The most issues that are reported of one event; a line may hold millions. */
const MAX_ISSUES = 20;

/** The usage fields that CLIs before 0.163 leave out. */
const LATER_USAGE_FIELDS = [
  "cache_write_input_tokens",
  "reasoning_output_tokens",
];

/**
 * Reads a JSON object as an event.
 *
 * It delivers what it does not know: an event of another kind or with a wrong
 * field as {@linkcode UnknownThreadEvent}, an item likewise as
 * {@linkcode UnknownThreadItem} inside its event, each with everything it held.
 * Unknown keys of known kinds stay where they are. The object is not copied: it
 * is the event, unless something has to be put into it: an unknown item, or zeros
 * for the usage fields that older CLIs leave out. It is never changed.
 *
 * @throws {CodexProtocolError} With `strict`, for what would be unknown.
 *
 * @example Read one event
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

/** Reads the object of a line as an event; see {@linkcode parseThreadEvent}. */
export function validateEvent(
  value: JsonObject,
  lineNumber: number | null,
  options: EventValidatorOptions,
): ThreadEvent {
  const type = value.type;
  const isItemEvent = typeof type === "string" && ITEM_EVENT_TYPES.has(type);
  // Nearly always so, and a tenth of the time that a whole stream takes.
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
    // A known item is the object that is already there; an unknown one takes its place.
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

/** The line that a value came from, and the options that say who gets its problems. */
interface Context {
  readonly lineNumber: number | null;
  readonly options: EventValidatorOptions;
}

/** Reports what is unknown or wrong; throws with `strict`. */
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

/** Reads the item, known or unknown; gives `undefined` if it is not an object. */
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

/** Gives the table's own entry: `constructor` is not a type. */
function own<T>(
  table: { readonly [key: string]: T },
  key: string,
): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Gives the event itself if its usage is complete; else a copy with zeros added. */
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

/** Describes a type in a message; only text is spelt out: other values may be nested without end. */
function quote(type: JsonValue | undefined): string {
  if (Array.isArray(type)) return "(an array)";
  if (isObject(type)) return "(an object)";
  return shorten(JSON.stringify(type) ?? "(none)", 100);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
