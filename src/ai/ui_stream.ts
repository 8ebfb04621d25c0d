import { CodexError, internalError } from "../errors/codex_error.ts";
import { CodexCancelledError } from "../errors/turn_errors.ts";
import type { AgentTurn } from "./agent_client.ts";
import type { AnswerOptions } from "./model_options.ts";
import type { AiPart } from "./model_types.ts";
import { PartMapper } from "./part_mapper.ts";
import { streamTurn } from "./turn_stream.ts";
import type { UIMessageChunk } from "./ui_types.ts";

/** Options of {@linkcode toUIMessageStream}. */
export interface UIStreamOptions extends Pick<AnswerOptions, "commentary"> {
  /**
   * Returns the text that readers see for an error. Errors may name paths and accounts.
   *
   * @default {undefined} A neutral sentence
   */
  readonly onError?: ((error: CodexError) => string) | undefined;
  /** The message's id; by default, the reader chooses one. */
  readonly messageId?: string | undefined;
  /**
   * Includes reasoning in the stream.
   *
   * @default {true}
   */
  readonly sendReasoning?: boolean | undefined;
}

/** The text that is shown for an error without `onError`. */
const NEUTRAL = "The agent could not complete its turn.";

/**
 * Converts a streamed turn to the stream that `useChat` and its relatives read: text,
 * reasoning, and commands, patches and tool calls as tools that the agent ran itself. The
 * thread's id is in the message's metadata. The turn starts when the first chunk is read;
 * cancelling the stream ends it.
 *
 * @param turn The turn, from `runStreamed()`. With `deltas: true` on a `CodexAppServer`, text
 * arrives as it is written.
 */
export function toUIMessageStream(
  turn: AgentTurn,
  options: UIStreamOptions = {},
): ReadableStream<UIMessageChunk> {
  const { sendReasoning = true, commentary = "text", messageId } = options;
  const mapper = new PartMapper({
    toolParts: "shown",
    commentary,
    form: "text",
    tag: crypto.randomUUID().slice(0, 8),
    modelId: "codex",
    hasRawChunks: false,
  });
  const toChunks = (parts: readonly AiPart[]): UIMessageChunk[] =>
    parts.flatMap((part) => toUIChunk(part, sendReasoning));
  const begin = (): UIMessageChunk[] => [
    { type: "start", ...messageId !== undefined && { messageId } },
    { type: "start-step" },
  ];
  return streamTurn<UIMessageChunk>(turn, {
    add: (event) => {
      const isFirst = mapper.threadId === null;
      const chunks = toChunks(mapper.add(event));
      const { threadId } = mapper;
      // Sent early, so that a message whose turn fails has its thread as well.
      return isFirst && threadId !== null
        ? [
          { type: "message-metadata", messageMetadata: { threadId } },
          ...chunks,
        ]
        : chunks;
    },
    end: (turn) => [
      ...toChunks(mapper.end(turn)),
      { type: "finish-step" },
      {
        type: "finish",
        finishReason: "stop",
        messageMetadata: {
          ...turn.threadId !== null && { threadId: turn.threadId },
          durationMs: turn.durationMs,
        },
      },
    ],
    fail: (error) => [
      ...toChunks(mapper.fail()),
      ...failChunks(error, options.onError),
    ],
  }, begin);
}

/** Creates the chunks for a turn that failed. */
function failChunks(
  error: unknown,
  onError: UIStreamOptions["onError"] = () => NEUTRAL,
): UIMessageChunk[] {
  if (error instanceof CodexCancelledError) return [{ type: "abort" }];
  const known = error instanceof CodexError
    ? error
    : internalError("The turn ended in an unknown way", error);
  return [
    { type: "error", errorText: onError(known) },
    { type: "finish-step" },
    { type: "finish", finishReason: "error" },
  ];
}

/** Maps a part of an answer to chunks. */
function toUIChunk(part: AiPart, sendReasoning: boolean): UIMessageChunk[] {
  switch (part.type) {
    case "reasoning-start":
    case "reasoning-end":
    case "reasoning-delta":
      return sendReasoning ? [part] : [];
    case "text-start":
    case "text-end":
    case "text-delta":
      return [part];
    case "tool-call":
      return [{
        ...part,
        type: "tool-input-available",
        input: JSON.parse(part.input),
        // Calls of the AI SDK's own tools do not occur here.
        providerExecuted: true,
        dynamic: true,
      }];
    case "tool-result": {
      const { toolCallId, preliminary } = part;
      const call = {
        toolCallId,
        providerExecuted: true,
        dynamic: true,
      } as const;
      return [
        part.isError
          ? {
            ...call,
            type: "tool-output-error",
            errorText: String(part.result),
          }
          : {
            ...call,
            type: "tool-output-available",
            output: part.result,
            ...preliminary && { preliminary },
          },
      ];
    }
    default:
      return [];
  }
}
