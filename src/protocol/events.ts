import type { ThreadItem } from "./items.ts";
import type { JsonObject } from "./json.ts";

/** Comes first: the thread is open, new or resumed. */
export interface ThreadStartedEvent {
  /** Tells this kind of event from the others. */
  type: "thread.started";
  /** The thread's id, a UUID; resumes the thread later. */
  thread_id: string;
}

/** The prompt is on its way to the model. Notices may come before it. */
export interface TurnStartedEvent {
  /** Tells this kind of event from the others. */
  type: "turn.started";
}

/**
 * Tokens used. The CLI reports the total of the thread so far, not of the turn
 * (measured: three turns of 10 input tokens report 10, 20, 30).
 */
export interface Usage {
  /** Input tokens. */
  input_tokens: number;
  /** Input tokens that came from the prompt cache. */
  cached_input_tokens: number;
  /** Input tokens written to the prompt cache; 0 if an older CLI leaves it out. */
  cache_write_input_tokens: number;
  /** Output tokens. */
  output_tokens: number;
  /** Output tokens spent on reasoning; 0 if an older CLI leaves it out. */
  reasoning_output_tokens: number;
}

/** The turn is complete. Nothing else means success. */
export interface TurnCompletedEvent {
  /** Tells this kind of event from the others. */
  type: "turn.completed";
  /** The tokens that the thread has used so far. */
  usage: Usage;
}

/** The reason why a turn failed. */
export interface ThreadError {
  /** The CLI's message; a raw JSON body if the service rejected the request. */
  message: string;
}

/** The turn failed; the CLI exits with code 1 after it. */
export interface TurnFailedEvent {
  /** Tells this kind of event from the others. */
  type: "turn.failed";
  /** The reason. */
  error: ThreadError;
}

/** An item begins. */
export interface ItemStartedEvent {
  /** Tells this kind of event from the others. */
  type: "item.started";
  /** The item as it is now. */
  item: ThreadItem;
}

/** An item has changed. */
export interface ItemUpdatedEvent {
  /** Tells this kind of event from the others. */
  type: "item.updated";
  /** The item as it is now. */
  item: ThreadItem;
}

/** An item has ended, successfully or not. */
export interface ItemCompletedEvent {
  /** Tells this kind of event from the others. */
  type: "item.completed";
  /** The item as it ended. */
  item: ThreadItem;
}

/**
 * Something went wrong. It need not end the turn: `Reconnecting... 2/5` comes
 * this way too, and the turn goes on. Only `turn.completed`, `turn.failed` and
 * the exit code decide.
 */
export interface ThreadErrorEvent {
  /** Tells this kind of event from the others. */
  type: "error";
  /** The CLI's message. */
  message: string;
}

/**
 * An event that this version does not know, or one with a wrong field: it is delivered
 * with everything it held.
 */
export interface UnknownThreadEvent {
  /** Tells this kind of event from the others. */
  type: "unknown";
  /** The type that the CLI printed; empty if it printed none. */
  event_type: string;
  /** The event as the CLI printed it. */
  raw: JsonObject;
}

/** A problem with an answer. */
export interface ResponseIssue {
  /** A JSON pointer to the value; empty for the whole. */
  readonly path: string;
  /** The problem, in words. */
  readonly message: string;
}

/**
 * A further attempt at the answer begins, since the one before is not what was asked for.
 * It comes from this package, not from the CLI, and only in turns with `repair`: between
 * the `turn.completed` of one attempt and what the CLI prints of the next.
 */
export interface AttemptStartedEvent {
  /** Tells this kind of event from the others. */
  type: "attempt.started";
  /** The attempt that begins: 2 for the first repair. */
  attempt: number;
  /** The most attempts that the turn may take: `repair`, and the first. */
  max_attempts: number;
  /** What is wrong with the answer before. */
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

/** One event of a turn, as the CLI prints it; with `repair`, also that of a further attempt. */
export type ThreadEvent =
  | KnownThreadEvent
  | UnknownThreadEvent
  | AttemptStartedEvent;
