import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import type { ClientMethod } from "./wire.ts";

/** The paths of the texts that answers must hold. */
const NEEDED: { readonly [M in ClientMethod]?: readonly string[] } = {
  "initialize": ["userAgent"],
  "thread/start": ["thread", "id"],
  "thread/resume": ["thread", "id"],
  "thread/fork": ["thread", "id"],
  "turn/start": ["turn", "id"],
  "review/start": ["turn", "id"],
};

/** The objects and lists that answers must hold. */
const NEEDED_PARTS: {
  readonly [M in ClientMethod]?: readonly ["object" | "list", string];
} = {
  "thread/read": ["object", "thread"],
  "thread/list": ["list", "data"],
  "thread/turns/list": ["list", "data"],
  "model/list": ["list", "data"],
  "account/rateLimits/read": ["object", "rateLimits"],
};

/** Returns the name of a required field that an answer lacks; `undefined` if it is complete. */
export function missingField(
  method: string,
  result: JsonObject,
): string | undefined {
  const part = Object.hasOwn(NEEDED_PARTS, method)
    ? NEEDED_PARTS[method as ClientMethod]
    : undefined;
  if (part !== undefined) {
    const [kind, name] = part;
    const value = result[name];
    const isThere = kind === "object" ? isObject(value) : Array.isArray(value);
    return isThere ? undefined : name;
  }
  const path = Object.hasOwn(NEEDED, method)
    ? NEEDED[method as ClientMethod]
    : undefined;
  if (path === undefined) return undefined;
  let value: JsonValue | undefined = result;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return typeof value === "string" && value !== "" ? undefined : path.join(".");
}

/** Returns a message as plain JSON, so that none of its fields is relied on. */
export function asJson(value: object): JsonObject {
  return value as unknown as JsonObject;
}
