import type { CallResult } from "../../tools/tool_content.ts";
import { isObject, type JsonValue } from "../../protocol/json.ts";
import { text } from "../connection/fields.ts";

/** Maps the result of a call to the server's form. */
export function toToolResponse(
  { content, isError }: CallResult,
): { readonly contentItems: object[]; readonly success: boolean } {
  return {
    contentItems: content.map((block) =>
      block.type === "text" ? { type: "inputText", text: block.text } : {
        type: "inputImage",
        imageUrl: `data:${block.mimeType};base64,${block.data}`,
      }
    ),
    success: isError !== true,
  };
}

/** The beginning of an image's URL. */
const DATA_URL = /^data:([^;,]*);base64,/;

/**
 * Maps the content of a call's item to MCP's form, which `codex exec` prints; returns
 * content that is neither text nor an image unchanged.
 */
export function toContentBlock(item: JsonValue): JsonValue {
  if (!isObject(item)) return item;
  if (item.type === "inputText") return { type: "text", text: text(item.text) };
  const url = text(item.imageUrl);
  const [start, mimeType = ""] = DATA_URL.exec(url.slice(0, 100)) ?? [];
  if (item.type !== "inputImage" || start === undefined) return item;
  return { type: "image", data: url.slice(start.length), mimeType };
}
