import type { JsonObject, JsonValue } from "../protocol/json.ts";

// The AI SDK's interface between its functions and models, version 3, as far as it is
// used here. Its own packages are not needed: the compiler compares structures.

/** Facts of a provider about a part or an answer, or options for it: under its name. */
export interface AiMetadata {
  /** What belongs to the provider of this name. */
  [provider: string]: JsonObject;
}

/** Something that the AI SDK asked for and that was not done. */
export type AiWarning =
  | {
    /** Marks a feature that has no meaning here. */
    type: "unsupported";
    /** The feature: the option's name. */
    feature: string;
    /** The reason. */
    details?: string;
  }
  | {
    /** Marks a feature that is done in another way. */
    type: "compatibility";
    /** The feature: the option's name. */
    feature: string;
    /** The way. */
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
  /** The reason in the AI SDK's words. */
  unified: "stop" | "tool-calls" | "error";
  /** The reason in the agent's words. */
  raw: string | undefined;
}

/** The tokens that a turn used; undefined where that is not known, as in a step that the turn goes on after. */
export interface AiUsage {
  /** Tokens of the prompts. */
  inputTokens: {
    /** All of them. */
    total: number | undefined;
    /** Those from no cache. */
    noCache: number | undefined;
    /** Those from the cache. */
    cacheRead: number | undefined;
    /** Those written to the cache. */
    cacheWrite: number | undefined;
  };
  /** Tokens of the answers. */
  outputTokens: {
    /** All of them. */
    total: number | undefined;
    /** Those of text. */
    text: number | undefined;
    /** Those of reasoning. */
    reasoning: number | undefined;
  };
  /** The turn's tokens, as the agent reports them. */
  raw?: JsonObject;
}

/** A call of a tool: one that the agent made and ran itself, or one of the AI SDK's own. */
export interface AiToolCall {
  /** Tells this kind of part from the others. */
  type: "tool-call";
  /** Names the call. */
  toolCallId: string;
  /** The tool: `shell`, `apply_patch`, `web_search`, `update_plan`, `mcp__server__tool`, or one of the AI SDK's own. */
  toolName: string;
  /** The arguments, as JSON. */
  input: string;
  /** Says that nobody else has to run it; not there for a tool of the AI SDK's own. */
  providerExecuted?: true;
  /** Says that the program has not declared the tool; not there for one of the AI SDK's own. */
  dynamic?: true;
  /** Facts of the provider. */
  providerMetadata?: AiMetadata;
}

/** The result of a call. */
export interface AiToolResult {
  /** Tells this kind of part from the others. */
  type: "tool-result";
  /** Names the call. */
  toolCallId: string;
  /** The tool. */
  toolName: string;
  /** The result; the reason in words where `isError` is true. */
  result: NonNullable<JsonValue>;
  /** True if the call itself failed; a command's exit code is no such failure. */
  isError?: boolean;
  /** True if a later result takes this one's place. */
  preliminary?: boolean;
  /** Says that the program has not declared the tool. */
  dynamic: true;
  /** Facts of the provider. */
  providerMetadata?: AiMetadata;
}

/** A request for leave: the call that it is about waits for the answer. */
export interface AiToolApprovalRequest {
  /** Tells this kind of part from the others. */
  type: "tool-approval-request";
  /** Names the request. */
  approvalId: string;
  /** Names the call. */
  toolCallId: string;
  /** Facts of the provider. */
  providerMetadata?: AiMetadata;
}

/** A piece of an answer, where it is not streamed. */
export type AiContent =
  | {
    /** Tells text from reasoning. */
    type: "text" | "reasoning";
    /** The text. */
    text: string;
    /** Facts of the provider. */
    providerMetadata?: AiMetadata;
  }
  | AiToolCall
  | AiToolApprovalRequest
  | AiToolResult;

/** A part of a streamed answer. */
export type AiPart =
  | {
    /** Comes first. */
    type: "stream-start";
    /** What was asked for and is not done. */
    warnings: AiWarning[];
  }
  | {
    /** Comes once the thread is known. */
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
    /** Names the text. */
    id: string;
    /** Facts of the provider. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Adds to a text. */
    type: "text-delta" | "reasoning-delta";
    /** Names the text. */
    id: string;
    /** The piece. */
    delta: string;
    /** Facts of the provider. */
    providerMetadata?: AiMetadata;
  }
  | AiToolCall
  | AiToolApprovalRequest
  | AiToolResult
  | {
    /** Comes last. */
    type: "finish";
    /** The reason for the end. */
    finishReason: AiFinishReason;
    /** The turn's tokens. */
    usage: AiUsage;
    /** Facts of the provider. */
    providerMetadata?: AiMetadata;
  }
  | {
    /** Holds an event as the agent told it; comes where raw chunks are asked for. */
    type: "raw";
    /** The event. */
    rawValue: unknown;
  }
  | {
    /** Says that the turn failed. */
    type: "error";
    /** The error. */
    error: unknown;
  };

/** An answer that is not streamed. */
export interface AiResult {
  /** What the agent said and did, in order. */
  content: AiContent[];
  /** The reason for the end. */
  finishReason: AiFinishReason;
  /** The turn's tokens. */
  usage: AiUsage;
  /** Facts of the provider: `{ codex: { threadId, usage, turnUsage, durationMs, warnings } }`. */
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
  /** What was asked for and is not done. */
  warnings: AiWarning[];
}

/** A part of a message of the prompt; what else it may hold is not read. */
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
  /** The id of a call, or of the call that a result is of. */
  readonly toolCallId?: string;
  /** The request that a `tool-approval-response` is about. */
  readonly approvalId?: string;
  /** The decision of a `tool-approval-response`. */
  readonly approved?: boolean;
  /** The tool of a call or a result. */
  readonly toolName?: string;
  /** The arguments of a call. */
  readonly input?: unknown;
  /** The result. */
  readonly output?: unknown;
  /** What the part's `providerMetadata` was when it was made. */
  readonly providerOptions?: unknown;
}

/** A message of the prompt. */
export interface AiMessage {
  /** The speaker. */
  readonly role: "system" | "user" | "assistant" | "tool";
  /** What was said. */
  readonly content: string | readonly AiPromptPart[];
  /** Facts about the message. */
  readonly providerOptions?: unknown;
}

/** What the AI SDK asks a model for. */
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
  /** Has no meaning here. */
  readonly maxOutputTokens?: number;
  /** Has no meaning here. */
  readonly temperature?: number;
  /** Has no meaning here. */
  readonly stopSequences?: readonly string[];
  /** Has no meaning here. */
  readonly topP?: number;
  /** Has no meaning here. */
  readonly topK?: number;
  /** Has no meaning here. */
  readonly presencePenalty?: number;
  /** Has no meaning here. */
  readonly frequencyPenalty?: number;
  /** Has no meaning here. */
  readonly seed?: number;
  /** The tools of the AI SDK's own: the agent may call them with `tools: "bridge"`. */
  readonly tools?: readonly unknown[];
  /** With `none`, the agent may call none of them; nothing else has a meaning. */
  readonly toolChoice?: { readonly type: string };
  /** Asks for the agent's events between the parts. */
  readonly includeRawChunks?: boolean;
  /** Cancels the turn. */
  readonly abortSignal?: AbortSignal;
  /** Under `codex`: `threadId`, and options of the thread that win over those of the model. */
  readonly providerOptions?: { readonly [provider: string]: unknown };
}

/** A language model, as the AI SDK 6 and 7, Mastra and others take one. */
export interface CodexLanguageModel {
  /** The version of the interface. */
  readonly specificationVersion: "v3";
  /** The provider's name. */
  readonly provider: "codex";
  /** The model's name; `codex` where the CLI chooses. */
  readonly modelId: string;
  /** The addresses that are not to be fetched by the AI SDK: none. */
  readonly supportedUrls: Record<string, RegExp[]>;
  /** Runs a turn to its end. */
  doGenerate(options: AiCallOptions): Promise<AiResult>;
  /** Runs a turn, and hands out what the agent says and does; cancelling the stream ends the turn. */
  doStream(
    options: AiCallOptions,
  ): Promise<{
    /** The parts. */
    stream: ReadableStream<AiPart>;
  }>;
}
