import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { text } from "../connection/fields.ts";
import type { ElicitationAnswer, ElicitationRequest } from "../elicitation.ts";
import { ELICITATION } from "./approvals.ts";

/** Reads a request of the server as a question of an MCP server; returns `undefined` for any other. */
export function readElicitation(
  method: string,
  params: JsonObject,
): ElicitationRequest | undefined {
  if (method !== ELICITATION) return undefined;
  const { mode, requestedSchema, url, turnId } = params;
  const origin = {
    threadId: text(params.threadId),
    turnId: typeof turnId === "string" ? turnId : null,
    server: text(params.serverName),
    message: text(params.message),
  };
  if (mode === "form" && isObject(requestedSchema)) {
    return { ...origin, mode, schema: requestedSchema };
  }
  if (mode === "url" && typeof url === "string") {
    return { ...origin, mode, url };
  }
  return undefined;
}

/** Reads the value that a handler returned; returns `undefined` if it is not an answer, or cannot be sent. */
export function readElicitationAnswer(
  given: unknown,
): ElicitationAnswer | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { action, content } = given as Partial<
    Record<"action" | "content", unknown>
  >;
  if (action === "decline" || action === "cancel") return { action };
  if (action !== "accept") return undefined;
  if (content === undefined) return { action };
  const own = plain(content);
  return isObject(own) ? { action, content: own } : undefined;
}

/** Maps an answer to the server's form. */
export function toElicitationResult(answer: ElicitationAnswer): JsonObject {
  return answer.action === "accept"
    ? { action: "accept", content: answer.content ?? null, _meta: null }
    : { action: answer.action, content: null, _meta: null };
}

/** Copies a value by JSON; returns `undefined` if JSON cannot represent it. */
function plain(value: unknown): JsonValue | undefined {
  try {
    const json: string | undefined = JSON.stringify(value);
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
