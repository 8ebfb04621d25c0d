import { CodexInputError } from "../errors/codex_error.ts";
import { isSameThread, isThreadId } from "../input/thread_id.ts";
import type { Input, UserInput } from "../options/options.ts";
import type { Usage } from "../protocol/events.ts";
import { isObject } from "../protocol/json.ts";
import { isTokenCount, TOKEN_COUNTS } from "../protocol/token_counts.ts";
import { shorten } from "../util/text.ts";
import { readFilePart } from "./file_parts.ts";
import type { AiMessage, AiPromptPart } from "./model_types.ts";

/** The thread that a prompt continues, and its new input. */
export interface ReadPrompt {
  /** The id of the thread to continue; `undefined` for a new thread. */
  readonly threadId: string | undefined;
  /** The thread's token total, if the prompt holds it. */
  readonly usageBefore: Usage | undefined;
  /** The input that the thread has not seen yet. */
  readonly input: Input;
}

/** The thread that a message belongs to, and the thread's token total. */
interface ThreadTrace {
  readonly threadId: string;
  readonly usage: Usage | undefined;
}

/**
 * Finds the thread that a prompt continues, and its new messages: those after the thread's
 * last message. For a new thread, all messages are new.
 *
 * @param wanted The thread that the caller names; by default, the thread of the last message
 * that belongs to one.
 * @throws {CodexInputError} If there are no new messages, or a file cannot be sent.
 */
export function readPrompt(
  prompt: readonly AiMessage[],
  wanted?: string,
): ReadPrompt {
  const traces = prompt.map(findTrace);
  const last = traces.findLastIndex((trace) =>
    trace !== undefined &&
    isSameThread(wanted ?? trace.threadId, trace.threadId)
  );
  const threadId = wanted ?? traces[last]?.threadId;
  // A thread that only the caller names has seen everything up to the last answer.
  const seen = last === -1 && wanted !== undefined
    ? prompt.findLastIndex(({ role }) => role === "assistant")
    : last;
  return {
    threadId,
    usageBefore: traces[last]?.usage,
    input: writeInput(prompt, threadId === undefined ? 0 : seen + 1),
  };
}

/** Converts a whole prompt to one input, for a thread that has seen none of it. */
export function readWholePrompt(prompt: readonly AiMessage[]): Input {
  return writeInput(prompt, 0);
}

/** Finds the thread that an assistant's message belongs to. */
function findTrace(message: AiMessage): ThreadTrace | undefined {
  if (message.role !== "assistant") return undefined;
  const parts = typeof message.content === "string" ? [] : message.content;
  let found: ThreadTrace | undefined;
  for (const { providerOptions } of [message, ...parts]) {
    const own = isObject(providerOptions) ? providerOptions.codex : undefined;
    if (!isObject(own) || !isThreadId(own.threadId)) continue;
    found = { threadId: own.threadId, usage: readUsage(own.usage) };
  }
  return found;
}

/** Reads a token total; ignores an invalid one, which somebody else must have written. */
function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const isTotal = TOKEN_COUNTS.every((name) => isTokenCount(value[name]));
  return isTotal ? value as unknown as Usage : undefined;
}

/** The names of the speakers, for input with more than one. */
const SPEAKERS = { user: "User", assistant: "Assistant", tool: "Tool" };

/** Converts the messages from an index on to one input. */
function writeInput(prompt: readonly AiMessage[], from: number): Input {
  const messages = prompt.slice(from);
  const isTranscript = messages.some(({ role }) =>
    role === "assistant" || role === "tool"
  );
  const input = messages.flatMap(({ role, content }, index) => {
    const path = `prompt[${from + index}].content`;
    const parts: UserInput[] = typeof content === "string"
      ? [{ type: "text", text: content }]
      : content.flatMap((part, place) =>
        readPart(part, role, `${path}[${place}]`)
      );
    const isEmpty = parts.every((part) =>
      part.type === "text" && part.text.trim() === ""
    );
    if (isEmpty) return [];
    if (!isTranscript || role === "system") return parts;
    return name(parts, SPEAKERS[role]);
  });
  if (
    !messages.some(({ role }) => role === "user" || role === "tool") ||
    input.length === 0
  ) {
    throw new CodexInputError(
      "Nothing new to send: the prompt has no user message after the last one of the thread",
      { path: "prompt" },
    );
  }
  return input;
}

/** Adds the speaker's name before the parts of a message. */
function name(parts: readonly UserInput[], speaker: string): UserInput[] {
  const [first, ...rest] = parts;
  return first?.type === "text"
    ? [{ type: "text", text: `${speaker}: ${first.text}` }, ...rest]
    : [{ type: "text", text: `${speaker}:` }, ...parts];
}

/** Converts a part to input; reasoning is left out. */
function readPart(
  part: AiPromptPart,
  role: AiMessage["role"],
  path: string,
): UserInput[] {
  switch (part.type) {
    case "text":
      return part.text?.trim()
        ? [{ type: "text", text: part.text.trim() }]
        : [];
    case "file":
      return role === "user" ? readFilePart(part, path) : [];
    case "tool-call":
      return [describeToolUse(part, "was called with", part.input)];
    case "tool-result":
      return [describeToolUse(part, "gave", part.output)];
    default:
      return [];
  }
}

/** The most characters of a tool's arguments, and of its result, in a prompt. */
const MAX_TOLD_LENGTH = 4000;

/** Describes a call, or a result, of a tool that somebody else has called. */
function describeToolUse(
  { toolName = "tool" }: AiPromptPart,
  what: string,
  value: unknown,
): UserInput {
  const told = shorten(JSON.stringify(value ?? null), MAX_TOLD_LENGTH);
  return { type: "text", text: `(${toolName} ${what} ${told})` };
}
