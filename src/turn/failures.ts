import { isObject } from "../protocol/json.ts";
import { findHttpBody } from "./http_body.ts";

/**
 * Reads why the service rejected the output schema in the message of a failed turn;
 * gives nothing for another failure. The message is the body of an answer with status
 * 400, as the CLI hands it on (facts F14), with the code `invalid_json_schema`, or about
 * the parameter of the schema.
 */
export function serviceSchemaError(message: string): string | undefined {
  const error = findHttpBody(message)?.json.error;
  if (!isObject(error)) return undefined;
  const { code, param, message: reason } = error;
  const isAboutSchema = code === "invalid_json_schema" ||
    typeof param === "string" &&
      /^(?:text\.format|response_format)\b/.test(param);
  if (!isAboutSchema) return undefined;
  return typeof reason === "string" ? reason : "it does not say why";
}
