import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import type { RequestId, RpcError, ServerMessage } from "./wire.ts";

/** A message to the server. */
export type ClientMessage =
  | {
    readonly id: RequestId;
    readonly method: string;
    readonly params: object;
  }
  | { readonly method: string }
  | { readonly id: RequestId; readonly result: object }
  | { readonly id: RequestId; readonly error: RpcError };

/**
 * Writes a message as a line. Makes texts well-formed, because the server ignores a request
 * that holds a lone surrogate, without an answer (facts A3).
 */
export function writeMessage(message: ClientMessage): string {
  return JSON.stringify(message, wellFormed) + "\n";
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  // Names as well, such as those of the properties in an output schema.
  if (Object.keys(value).every((key) => key.isWellFormed())) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.toWellFormed(), each]),
  );
}

/** Reads a line's value as a message; returns `undefined` if it is not one. */
export function readMessage(value: JsonObject): ServerMessage | undefined {
  const { id, method, params, result, error } = value;
  const isNamed = typeof id === "string" || typeof id === "number";
  if (typeof method === "string") {
    const given = isObject(params) ? params : {};
    return isNamed
      ? { kind: "request", id, method, params: given }
      : { kind: "notification", method, params: given };
  }
  if (!isNamed) return undefined;
  if (result === undefined && error === undefined) return undefined;
  return {
    kind: "response",
    id,
    result: isObject(result) ? result : undefined,
    error: error === undefined || error === null ? undefined : readError(error),
  };
}

function readError(error: JsonValue): RpcError {
  if (typeof error === "string") return { code: 0, message: error };
  if (!isObject(error)) return { code: 0, message: JSON.stringify(error) };
  const { code, message, data } = error;
  return {
    code: typeof code === "number" ? code : 0,
    message: typeof message === "string" ? message : JSON.stringify(error),
    data,
  };
}

/** The methods of the notifications that carry a piece of text. */
const DELTA_METHODS = [
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/summaryTextDelta",
  "item/reasoning/textDelta",
  "item/commandExecution/outputDelta",
];

/** The beginnings of their lines; the server writes the method first. */
const DELTA_STARTS = DELTA_METHODS.map((method) => `{"method":"${method}"`);

/** Tells whether a line carries a piece of text, by its beginning, without parsing it. */
export function isDeltaLine(line: string): boolean {
  return DELTA_STARTS.some((start) => line.startsWith(start));
}
