import type { ModelReply, ReplyFunction, ScriptStep } from "./model_reply.ts";
import type { OpenRecord, RecordedRequest } from "./recorded_request.ts";
import { modelHttpError } from "./replies.ts";

/**
 * Chooses the reply to a request for an answer.
 *
 * @param script The script.
 * @param record The request; an error thrown by a function of the script is set on it.
 * @returns The script's reply, or an HTTP failure that says what is wrong with the script.
 */
export async function replyToTurn(
  script: readonly ScriptStep[] | ReplyFunction,
  record: OpenRecord,
): Promise<ModelReply> {
  const step = typeof script === "function"
    ? script
    : script[record.number - 1];
  if (step === undefined) return exhausted(record.number, script.length);
  if (typeof step !== "function") return step;
  try {
    return await step(record);
  } catch (error) {
    record.failure = error;
    const message = error instanceof Error ? error.message : String(error);
    return modelHttpError(500, {
      error: { message: `The script failed: ${message}` },
    });
  }
}

/**
 * Chooses the reply to any other request.
 *
 * @param request The request.
 * @returns An empty list of models for `GET /v1/models`, else a 404.
 */
export function replyToOther(request: RecordedRequest): ModelReply {
  const { method, path } = request;
  if (method === "GET" && path.split("?")[0] === "/v1/models") {
    return modelHttpError(200, { object: "list", data: [], models: [] });
  }
  const message = `The scripted model has no ${method} ${path}`;
  return modelHttpError(404, { error: { message, code: "not_found" } });
}

function exhausted(number: number, length: number): ModelReply {
  const message =
    `The script has no answer for request ${number}: it ends after ${length}`;
  return modelHttpError(400, { error: { message, code: "script_exhausted" } });
}
