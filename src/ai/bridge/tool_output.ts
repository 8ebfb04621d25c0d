import { CodexInputError } from "../../errors/codex_error.ts";
import type { ToolResult, ToolResultPart } from "../../options/tools.ts";
import { isObject } from "../../protocol/json.ts";
import { readFilePart } from "../file_parts.ts";
import type { CallQuestion } from "./questions.ts";

/**
 * Answers a call with a tool's output in one of the AI SDK's forms. A call that failed or was
 * denied fails for the agent, with the reason.
 */
export function answerCall(call: CallQuestion, output: unknown): void {
  const { type, value, reason } = (isObject(output) ? output : {}) as {
    readonly [name: string]: unknown;
  };
  try {
    switch (type) {
      case "text":
        return call.answer(String(value));
      case "json":
        return call.answer(isObject(value) ? value : toJson(value));
      case "content":
        return call.answer(readContent(value));
      case "error-text":
        return call.reject(String(value));
      case "error-json":
        return call.reject(toJson(value));
      case "execution-denied":
        return call.reject(
          typeof reason === "string" && reason !== ""
            ? `The user denied this call: ${reason}`
            : "The user denied this call",
        );
      default:
        return call.reject("The tool returned a result of an unknown type");
    }
  } catch (error) {
    call.reject(
      error instanceof CodexInputError
        ? error.message
        : "The tool returned a result that cannot be read",
    );
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** Reads a result of several parts: texts, images and files, whose fields differ between AI SDK versions. */
function readContent(value: unknown): ToolResult {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [];
  return parts.flatMap((part, index): ToolResultPart[] => {
    const { type, text, data, url, mediaType, filename } =
      (isObject(part) ? part : {}) as { readonly [name: string]: unknown };
    if (type === "text") return [{ type, text: String(text) }];
    return readFilePart({
      type: "file",
      data: data ?? url,
      mediaType: typeof mediaType === "string" ? mediaType : undefined,
      filename: typeof filename === "string" ? filename : undefined,
    }, `output.value[${index}]`).flatMap((input): ToolResultPart[] =>
      input.type === "local_image" ? [] : [input]
    );
  });
}
