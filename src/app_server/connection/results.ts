import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import type { ClientMethod } from "./wire.ts";

/** The fields without which an answer is none, each a text. */
const NEEDED: { readonly [M in ClientMethod]?: readonly string[] } = {
  "initialize": ["userAgent"],
  "thread/start": ["thread", "id"],
  "thread/resume": ["thread", "id"],
  "thread/fork": ["thread", "id"],
  "turn/start": ["turn", "id"],
  "review/start": ["turn", "id"],
};

/** Names the field that an answer to a request lacks; `undefined` where it has what it needs. */
export function missingField(
  method: string,
  result: JsonObject,
): string | undefined {
  const path = Object.hasOwn(NEEDED, method)
    ? NEEDED[method as ClientMethod]
    : undefined;
  if (path === undefined) return undefined;
  let value: JsonValue | undefined = result;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return typeof value === "string" && value !== "" ? undefined : path.join(".");
}
