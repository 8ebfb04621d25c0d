import type { ThreadItem } from "./items.ts";
import type { JsonObject } from "./json.ts";

/** The thread is open, new or resumed. This is the first event. */
export interface ThreadStartedEvent {
  /** Identifies the kind of event. */
  type: "thread.started";
  /** The thread's id, a UUID; resumes the thread later. */
  thread_id: string;
}

/** The CLI sends the prompt to the model. Notices may come before this event. */
export interface TurnStartedEvent {
  /** Identifies the kind of event. */
  type: "turn.started";
}

/**
 * A token usage. The CLI reports the total of the thread so far, not of the turn
 * (measured: three turns of 10 input tokens report 10, 20, 30).
 */
export interface Usage {
  /** Input tokens. */
  input_tokens: number;
  /** Input tokens read from the prompt cache. */
  cached_input_tokens: number;
  /** Input tokens written to the prompt cache; 0 if an older CLI omits it. */
  cache_write_input_tokens: number;
  /** Output tokens. */
  output_tokens: number;
  /** Output tokens spent on reasoning; 0 if an older CLI omits it. */
  reasoning_output_tokens: number;
}

/** The turn is complete. Only this event means success. */
export interface TurnCompletedEvent {
  /** Identifies the kind of event. */
  type: "turn.completed";
  /** The tokens that the thread has used so far. */
  usage: Usage;
}

/** The reason for which a turn failed. */
export interface ThreadError {
  /** The CLI's message; a raw JSON body if the service rejected the request. */
  message: string;
}

/** The turn failed; the CLI exits with code 1 after it. */
export interface TurnFailedEvent {
  /** Identifies the kind of event. */
  type: "turn.failed";
  /** The reason. */
  error: ThreadError;
}

/** An item has started. */
export interface ItemStartedEvent {
  /** Identifies the kind of event. */
  type: "item.started";
  /** The item as it is now. */
  item: ThreadItem;
}

/** An item has changed. */
export interface ItemUpdatedEvent {
  /** Identifies the kind of event. */
  type: "item.updated";
  /** The item as it is now. */
  item: ThreadItem;
}

/** An item has ended, successfully or not. */
export interface ItemCompletedEvent {
  /** Identifies the kind of event. */
  type: "item.completed";
  /** The final item. */
  item: ThreadItem;
}

/**
 * A problem has occurred. It need not end the turn: after `Reconnecting... 2/5`, for
 * example, the turn continues. Only `turn.completed`, `turn.failed` and the exit code
 * decide how a turn ends.
 */
export interface ThreadErrorEvent {
  /** Identifies the kind of event. */
  type: "error";
  /** The CLI's message. */
  message: string;
}

/**
 * An event that this version does not know, or that has a wrong field, delivered with all
 * of its data.
 */
export interface UnknownThreadEvent {
  /** Identifies the kind of event. */
  type: "unknown";
  /** The type that the CLI printed; empty if it printed none. */
  event_type: string;
  /** The event as the CLI printed it. */
  raw: JsonObject;
}

/** A problem with an answer. */
export interface ResponseIssue {
  /** A JSON pointer to the value; empty for the whole answer. */
  readonly path: string;
  /** The description of the problem. */
  readonly message: string;
}

/**
 * A further attempt at the answer begins, since the previous answer is invalid. This event
 * comes from this package, not from the CLI, and only in turns with `repair`: between the
 * `turn.completed` of one attempt and the CLI's events of the next.
 */
export interface AttemptStartedEvent {
  /** Identifies the kind of event. */
  type: "attempt.started";
  /** The number of the attempt that begins: 2 for the first repair. */
  attempt: number;
  /** The most attempts of the turn: the first one, and `repair` more. */
  max_attempts: number;
  /** The problems with the previous answer. */
  issues: readonly ResponseIssue[];
}

/** The events of the CLI whose fields this version knows. */
export type KnownThreadEvent =
  | ThreadStartedEvent
  | TurnStartedEvent
  | TurnCompletedEvent
  | TurnFailedEvent
  | ItemStartedEvent
  | ItemUpdatedEvent
  | ItemCompletedEvent
  | ThreadErrorEvent;

/** One event of a turn, as the CLI prints it; with `repair`, also {@linkcode AttemptStartedEvent}. */
export type ThreadEvent =
  | KnownThreadEvent
  | UnknownThreadEvent
  | AttemptStartedEvent;
