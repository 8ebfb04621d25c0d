import { CodexInternalError } from "../errors/codex_error.ts";
import type { AiContent, AiPart, AiResult } from "./model_types.ts";

/**
 * Collects the parts of a streamed answer into one whole answer.
 *
 * @throws The error of a turn that failed.
 */
export async function collectParts(
  stream: ReadableStream<AiPart>,
): Promise<AiResult> {
  const content: AiContent[] = [];
  const texts = new Map<string, Extract<AiContent, { text: string }>>();
  let start: Pick<AiResult, "warnings"> = { warnings: [] };
  let response: AiResult["response"];
  const reader = stream.getReader();
  for (;;) {
    const { done, value: part } = await reader.read();
    if (done) {
      throw new CodexInternalError(
        "The stream of the answer ended without a finish part",
      );
    }
    switch (part.type) {
      case "stream-start":
        start = { warnings: part.warnings };
        break;
      case "response-metadata": {
        const { type: _type, ...facts } = part;
        response = facts;
        break;
      }
      case "text-start":
      case "reasoning-start": {
        const type = part.type === "text-start" ? "text" : "reasoning";
        const text = { type, text: "" } as const;
        texts.set(part.id, text);
        content.push(text);
        break;
      }
      case "text-delta":
      case "reasoning-delta": {
        const text = texts.get(part.id);
        if (text !== undefined) text.text += part.delta;
        break;
      }
      case "text-end":
      case "reasoning-end": {
        const text = texts.get(part.id);
        if (text !== undefined) text.providerMetadata = part.providerMetadata;
        break;
      }
      case "tool-call":
      case "tool-approval-request":
        content.push(part);
        break;
      case "tool-result":
        if (!part.preliminary) content.push(part);
        break;
      case "error":
        throw part.error;
      case "finish": {
        const { type: _type, ...rest } = part;
        return { ...start, content, ...rest, response };
      }
    }
  }
}
