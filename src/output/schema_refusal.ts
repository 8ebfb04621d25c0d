import { isObject } from "./shape.ts";

/**
 * Whether a failed turn's message is the service's refusal of the output schema:
 * the body of an answer with status 400, as the CLI hands it on (facts F14), with
 * the code `invalid_json_schema`, or with the parameter that holds the schema.
 */
export function isSchemaRefusal(message: string): boolean {
  const body = bodyIn(message);
  const error = isObject(body) && isObject(body.error) ? body.error : undefined;
  if (error === undefined) return false;
  const { code, param } = error;
  return code === "invalid_json_schema" ||
    typeof param === "string" &&
      /^(?:text\.format|response_format)\b/.test(param);
}

/** The JSON object in a message: all of it, or what follows a few words. */
function bodyIn(message: string): unknown {
  const start = message.indexOf("{");
  const end = message.lastIndexOf("}");
  if (start === -1 || end < start) return undefined;
  try {
    return JSON.parse(message.slice(start, end + 1));
  } catch {
    return undefined;
  }
}
