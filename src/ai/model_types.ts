import type { JsonObject, JsonValue } from "../protocol/json.ts";

// The part of the AI SDK's model interface, version 3, that is used here. Its packages are
// not needed, since the compiler compares structures.

/** Metadata about a part or an answer, or options for it, by the provider's name. */
export interface AiMetadata {
  /** The metadata or options of this provider. */
  [provider: string]: JsonObject;
}

/** A warning about something that was requested and is not done, or done differently. */
export type AiWarning =
  | {
    /** Marks a feature that is not supported. */
    type: "unsupported";
    /** The name of the option. */
    feature: string;
    /** The reason. */
    details?: string;
  }
  | {
    /** Marks a feature that is done in a different way. */
    type: "compatibility";
    /** The name of the option. */
    feature: string;
    /** The description of that way. */
    details?: string;
  }
  | {
    /** Marks anything else. */
    type: "other";
    /** The warning. */
    message: string;
  };

/** The reason why an answer ended. */
export interface AiFinishReason {
  /** The reason in the AI SDK's terms. */
  unified: "stop" | "tool-calls" | "error";
  /** The reason in this package's terms: an event, `waiting`, or the code of the error. */
  raw: string | undefined;
}

/** The tokens that a turn used; `undefined` if unknown, as in a step after which the turn continues. */
export interface AiUsage {
  /** The tokens of the prompts. */
  inputTokens: {
    /** The total. */
    total: number | undefined;
    /** The tokens that were not read from the cache. */
    noCache: number | undefined;
    /** The tokens that were read from the cache. */
    cacheRead: number | undefined;
    /** The tokens that were written to the cache. */
    cacheWrite: number | undefined;
  };
  /** The tokens of the answers. */
  outputTokens: {
    /** The total. */
    total: number | undefined;
    /** The tokens of text. */
    text: number | undefined;
    /** The tokens of reasoning. */
    reasoning: number | undefined;
  };
  /** The turn's tokens, as the agent reports them. */
  raw?: JsonObject;
}

/** A tool call: of a tool that the agent ran itself, or of one of the AI SDK's own tools. */
export interface AiToolCall {
  /** Identifies the kind of part. */
  type: "tool-call";
  /** The id of the call. */
  toolCallId: string;
  /**
   * The name of the tool: `shell`, `apply_patch`, `web_search`, `update_plan`,
   * `mcp__server__tool`, or one of the AI SDK's own tools.
   */
  toolName: string;
  /** The arguments, as JSON. */
  input: string;
  /** True if the agent runs the tool itself; left out for the AI SDK's own tools. */
  providerExecuted?: true;
  /** True if the program has not declared the tool; left out for the AI SDK's own tools. */
  dynamic?: true;
  /** The provider's metadata. */
  providerMetadata?: AiMetadata;
}

/** The result of a call. */
export interface AiToolResult {
  /** Identifies the kind of part. */
  type: "tool-result";
  /** The id of the call. */
  toolCallId: string;
  /** The name of the tool. */
  toolName: string;
  /** The result; the reason, as text, if `isError` is true. */
  result: NonNullable<JsonValue>;
  /** True if the call itself failed; a command's exit code is not such a failure. */
  isError?: boolean;
  /** True if a later result replaces this one. */
  preliminary?: boolean;
  /** Always true: the program has not declared the tool. */
  dynamic: true;
  /** The provider's metadata. */
  providerMetadata?: AiMetadata;
}

/** A request for approval of a call, which waits for the answer. */
export interface AiToolApprovalRequest {
  /** Identifies the kind of part. */
  type: "tool-approval-request";
  /** The id of the request. */
  approvalId: string;
  /** The id of the call. */
  toolCallId: string;
  /** The provider's metadata. */
  providerMetadata?: AiMetadata;
}

/** One part of a whole answer. */
export type AiContent =
  | {
    /** Identifies text or reasoning. */
    type: "text" | "reasoning";
    /** The text. */
    text: string;
    /** The provider's metadata. */
    providerMetadata?: AiMetadata;
  }
  | AiToolCall
  | AiToolApprovalRequest
  | AiToolResult;

/** A part of a streamed answer. */
export type AiPart =
  | {
    /** Begins the answer. */
    type: "stream-start";
    /** Warnings about requested features that are not supported. */
    warnings: AiWarning[];
  }
  | {
    /** Follows as soon as the thread is known. */
    type: "response-metadata";
    /** The thread's id. */
    id?: string;
    /** The time. */
    timestamp?: Date;
    /** The model. */
    modelId?: string;
  }
  | {
    /** Begins or ends a text. */
    type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end";
    /** The id of the text. */
    id: string;
    /** The provider's metadata. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Adds to a text. */
    type: "text-delta" | "reasoning-delta";
    /** The id of the text. */
    id: string;
    /** The piece. */
    delta: string;
    /** The provider's metadata. */
    providerMetadata?: AiMetadata;
  }
  | AiToolCall
  | AiToolApprovalRequest
  | AiToolResult
  | {
    /** Ends the answer. */
    type: "finish";
    /** The reason for the end. */
    finishReason: AiFinishReason;
    /** The turn's tokens. */
    usage: AiUsage;
    /** The provider's metadata. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Holds an unchanged event of the agent, if raw chunks are requested. */
    type: "raw";
    /** The event. */
    rawValue: unknown;
  }
  | {
    /** Reports that the turn failed. */
    type: "error";
    /** The error. */
    error: unknown;
  };

/** A whole answer, not streamed. */
export interface AiResult {
  /** The agent's messages and work, in order. */
  content: AiContent[];
  /** The reason for the end. */
  finishReason: AiFinishReason;
  /** The turn's tokens. */
  usage: AiUsage;
  /** The provider's metadata: `{ codex: { threadId, usage, turnUsage, durationMs, warnings } }`. */
  providerMetadata?: AiMetadata;
  /** The thread, the time and the model. */
  response?: {
    /** The thread's id. */
    id?: string;
    /** The time. */
    timestamp?: Date;
    /** The model. */
    modelId?: string;
  };
  /** Warnings about requested features that are not supported. */
  warnings: AiWarning[];
}

/** A part of a message of the prompt; other fields are ignored. */
export interface AiPromptPart {
  /** The kind: `text`, `file`, `tool-call`, `tool-result` and others. */
  readonly type: string;
  /** The text of `text` and `reasoning`. */
  readonly text?: string;
  /** The media type of a `file`. */
  readonly mediaType?: string;
  /** The name of a `file`. */
  readonly filename?: string;
  /** The data of a `file`. */
  readonly data?: unknown;
  /** The id of a call, or of the call that a result belongs to. */
  readonly toolCallId?: string;
  /** The id of the request that a `tool-approval-response` answers. */
  readonly approvalId?: string;
  /** The decision of a `tool-approval-response`. */
  readonly approved?: boolean;
  /** The name of the tool of a call or a result. */
  readonly toolName?: string;
  /** The arguments of a call. */
  readonly input?: unknown;
  /** The result of a call. */
  readonly output?: unknown;
  /** The `providerMetadata` that the part was created with. */
  readonly providerOptions?: unknown;
}

/** A message of the prompt. */
export interface AiMessage {
  /** The speaker. */
  readonly role: "system" | "user" | "assistant" | "tool";
  /** The text or parts of the message. */
  readonly content: string | readonly AiPromptPart[];
  /** Metadata about the message. */
  readonly providerOptions?: unknown;
}

/** Options of a call of a model. */
export interface AiCallOptions {
  /** The messages. */
  readonly prompt: readonly AiMessage[];
  /** The form of the answer. */
  readonly responseFormat?: {
    /** Text, or JSON. */
    readonly type: "text" | "json";
    /** The JSON Schema of the answer. */
    readonly schema?: object;
  };
  /** The effort that the model puts into reasoning (AI SDK 7). */
  readonly reasoning?: string;
  /** Not supported; gives a warning. */
  readonly maxOutputTokens?: number;
  /** Not supported; gives a warning. */
  readonly temperature?: number;
  /** Not supported; gives a warning. */
  readonly stopSequences?: readonly string[];
  /** Not supported; gives a warning. */
  readonly topP?: number;
  /** Not supported; gives a warning. */
  readonly topK?: number;
  /** Not supported; gives a warning. */
  readonly presencePenalty?: number;
  /** Not supported; gives a warning. */
  readonly frequencyPenalty?: number;
  /** Not supported; gives a warning. */
  readonly seed?: number;
  /** The AI SDK's own tools, which the agent may call with `tools: "bridge"`. */
  readonly tools?: readonly unknown[];
  /** With `none`, the agent may not call any of them; other values have no effect. */
  readonly toolChoice?: { readonly type: string };
  /** Adds the agent's events between the parts. */
  readonly includeRawChunks?: boolean;
  /** Cancels the turn. */
  readonly abortSignal?: AbortSignal;
  /** Under `codex`: `threadId`, and options of the thread that override those of the model. */
  readonly providerOptions?: { readonly [provider: string]: unknown };
}

/** A language model for the AI SDK 6 and 7, Mastra and others. */
export interface CodexLanguageModel {
  /** The version of the interface. */
  readonly specificationVersion: "v3";
  /** The provider's name. */
  readonly provider: "codex";
  /** The model's name; `codex` if the CLI chooses the model. */
  readonly modelId: string;
  /** The URLs that the AI SDK should not download itself: none. */
  readonly supportedUrls: Record<string, RegExp[]>;
  /** Runs a turn to its end, or to its next question. */
  doGenerate(options: AiCallOptions): Promise<AiResult>;
  /** Runs a turn and streams the agent's messages and work. Cancelling the stream ends the turn. */
  doStream(
    options: AiCallOptions,
  ): Promise<{
    /** The parts. */
    stream: ReadableStream<AiPart>;
  }>;
}
