import type { AiMetadata } from "./model_types.ts";

/** The metadata of a message, about its turn. */
export interface UITurnMetadata {
  /** The id of the thread to continue. */
  threadId?: string;
  /** The duration of the turn, in ms. */
  durationMs?: number;
}

/** A chunk of a message that `useChat` and its relatives read (UI message stream, version 1). */
export type UIMessageChunk =
  | {
    /** Begins the message. */
    type: "start";
    /** The message's id; by default, the reader chooses one. */
    messageId?: string;
  }
  | {
    /** Reports the thread of the message. */
    type: "message-metadata";
    /** The metadata about the turn. */
    messageMetadata: UITurnMetadata;
  }
  | {
    /** Begins or ends a step; a turn is one step. */
    type: "start-step" | "finish-step";
  }
  | {
    /** Begins or ends a text. */
    type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end";
    /** The id of the text. */
    id: string;
    /** The provider's metadata, with the thread's id. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Adds to a text. */
    type: "text-delta" | "reasoning-delta";
    /** The id of the text. */
    id: string;
    /** The piece. */
    delta: string;
  }
  | {
    /** Reports a call by the agent. */
    type: "tool-input-available";
    /** The id of the call. */
    toolCallId: string;
    /** The name of the tool. */
    toolName: string;
    /** The arguments. */
    input: unknown;
    /** Always true: the agent runs the tool itself. */
    providerExecuted: true;
    /** Always true: the program has not declared the tool. */
    dynamic: true;
    /** The provider's metadata, with the thread's id. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Reports the result of a call. */
    type: "tool-output-available";
    /** The id of the call. */
    toolCallId: string;
    /** The result. */
    output: unknown;
    /** Always true: the agent runs the tool itself. */
    providerExecuted: true;
    /** Always true: the program has not declared the tool. */
    dynamic: true;
    /** True if a later result replaces this one. */
    preliminary?: boolean;
  }
  | {
    /** Reports that a call failed. */
    type: "tool-output-error";
    /** The id of the call. */
    toolCallId: string;
    /** The reason. */
    errorText: string;
    /** Always true: the agent runs the tool itself. */
    providerExecuted: true;
    /** Always true: the program has not declared the tool. */
    dynamic: true;
  }
  | {
    /** Reports that the turn failed. */
    type: "error";
    /** The text to show for the error. */
    errorText: string;
  }
  | {
    /** Reports that the turn was cancelled. */
    type: "abort";
  }
  | {
    /** Ends the message. */
    type: "finish";
    /** The reason for the end. */
    finishReason: "stop" | "error";
    /** The metadata about the turn. */
    messageMetadata?: UITurnMetadata;
  };

/** A message of `useChat` and its relatives; other fields are ignored. */
export interface UIMessageLike {
  /** The speaker. */
  readonly role: "system" | "user" | "assistant";
  /** The text and other parts of the message. */
  readonly parts: readonly UIPartLike[];
  /** The metadata that the stream sent about the turn. */
  readonly metadata?: unknown;
}

/** A part of a {@linkcode UIMessageLike}. */
export interface UIPartLike {
  /** The kind: `text`, `file` and others. */
  readonly type: string;
}
