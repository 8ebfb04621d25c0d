import type { AiMetadata } from "./model_types.ts";

/** What a message's metadata tell of the turn that wrote it. */
export interface UITurnMetadata {
  /** The thread's id, to go on with. */
  threadId?: string;
  /** The time that the turn took, in ms. */
  durationMs?: number;
}

/** A piece of a message, as `useChat` and its relatives read it (UI message stream, version 1). */
export type UIMessageChunk =
  | {
    /** Begins the message. */
    type: "start";
    /** The message's id; by default the reader gives it one. */
    messageId?: string;
  }
  | {
    /** Tells of the message's thread. */
    type: "message-metadata";
    /** What is known of the turn. */
    messageMetadata: UITurnMetadata;
  }
  | {
    /** Begins or ends a step: a turn is one. */
    type: "start-step" | "finish-step";
  }
  | {
    /** Begins or ends a text. */
    type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end";
    /** Names the text. */
    id: string;
    /** The thread. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Adds to a text. */
    type: "text-delta" | "reasoning-delta";
    /** Names the text. */
    id: string;
    /** The piece. */
    delta: string;
  }
  | {
    /** Tells of a call that the agent makes. */
    type: "tool-input-available";
    /** Names the call. */
    toolCallId: string;
    /** The tool. */
    toolName: string;
    /** The arguments. */
    input: unknown;
    /** Says that nobody else has to run it. */
    providerExecuted: true;
    /** Says that the program has not declared the tool. */
    dynamic: true;
    /** The thread. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Tells what has come of a call. */
    type: "tool-output-available";
    /** Names the call. */
    toolCallId: string;
    /** The result. */
    output: unknown;
    /** Says that nobody else has to run it. */
    providerExecuted: true;
    /** Says that the program has not declared the tool. */
    dynamic: true;
    /** True if a later result takes this one's place. */
    preliminary?: boolean;
  }
  | {
    /** Tells that a call failed. */
    type: "tool-output-error";
    /** Names the call. */
    toolCallId: string;
    /** The reason. */
    errorText: string;
    /** Says that nobody else has to run it. */
    providerExecuted: true;
    /** Says that the program has not declared the tool. */
    dynamic: true;
  }
  | {
    /** Says that the turn failed. */
    type: "error";
    /** What is shown of it. */
    errorText: string;
  }
  | {
    /** Says that the turn was cancelled. */
    type: "abort";
  }
  | {
    /** Ends the message. */
    type: "finish";
    /** The reason for the end. */
    finishReason: "stop" | "error";
    /** What is known of the turn. */
    messageMetadata?: UITurnMetadata;
  };

/** A message as `useChat` and its relatives keep it; what else it may hold is not read. */
export interface UIMessageLike {
  /** The speaker. */
  readonly role: "system" | "user" | "assistant";
  /** What was said and done. */
  readonly parts: readonly UIPartLike[];
  /** What the stream told of the turn. */
  readonly metadata?: unknown;
}

/** A part of such a message. */
export interface UIPartLike {
  /** The kind: `text`, `file` and others. */
  readonly type: string;
}
