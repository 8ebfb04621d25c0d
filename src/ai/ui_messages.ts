import { CodexInputError } from "../errors/codex_error.ts";
import { isThreadId } from "../input/thread_id.ts";
import type { Input } from "../options/options.ts";
import { isObject } from "../protocol/json.ts";
import type { AiMessage, AiPromptPart } from "./model_types.ts";
import { readPrompt } from "./prompt.ts";
import type { UIMessageLike } from "./ui_types.ts";

/**
 * Reads the new input, and the thread to continue, from the messages of `useChat`. The
 * messages are untrusted: files are only accepted as `data:` URLs, and anyone who knows a
 * thread's id can name it, so check that the thread belongs to the user if that matters.
 *
 * @returns The input for the turn, and the thread's id; `undefined` for a new thread.
 * @throws {CodexInputError} If the messages are malformed, nothing in them is new, or a file
 * cannot be sent.
 */
export function readUIMessages(
  messages: readonly UIMessageLike[],
): { input: Input; threadId: string | undefined } {
  const given: unknown = messages;
  if (!Array.isArray(given)) throw malformed("messages");
  const prompt = given.map(toMessage);
  const { input, threadId } = readPrompt(prompt);
  return { input, threadId };
}

/** Converts a message to one of a prompt. */
function toMessage(message: unknown, index: number): AiMessage {
  const path = `messages[${index}]`;
  if (!isObject(message) || !Array.isArray(message.parts)) {
    throw malformed(path);
  }
  const { role, metadata } = message;
  if (role !== "system" && role !== "user" && role !== "assistant") {
    throw malformed(`${path}.role`);
  }
  const threadId = isObject(metadata) ? metadata.threadId : undefined;
  return {
    role,
    content: message.parts.map((part: unknown, place) =>
      toPart(part, `${path}.parts[${place}]`)
    ),
    ...isThreadId(threadId) && { providerOptions: { codex: { threadId } } },
  };
}

/** Converts a part; drops the content of the agent's own work, which is not sent again. */
function toPart(part: unknown, path: string): AiPromptPart {
  if (!isObject(part) || typeof part.type !== "string") throw malformed(path);
  const { type, text, url, mediaType, filename } = part;
  const providerOptions = part.providerMetadata ?? part.callProviderMetadata;
  if (type === "text") {
    if (typeof text !== "string") throw malformed(`${path}.text`);
    return { type, text, providerOptions };
  }
  if (type !== "file") return { type: "other", providerOptions };
  if (typeof url !== "string" || !/^data:/i.test(url)) {
    throw new CodexInputError(
      `Cannot send the file at ${path}: its url must be a data: URL; other URLs are not fetched`,
      { path: `${path}.url` },
    );
  }
  return {
    type,
    data: url,
    mediaType: typeof mediaType === "string" ? mediaType : "",
    ...typeof filename === "string" && { filename },
    providerOptions,
  };
}

function malformed(path: string): CodexInputError {
  return new CodexInputError(
    `Cannot read ${path}: pass the messages of useChat, each with role and parts`,
    { path },
  );
}
