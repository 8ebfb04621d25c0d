import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import { isObject } from "../../protocol/json.ts";
import { toRateLimits } from "../account/account.ts";
import { text, textWithDetails } from "../connection/fields.ts";
import type { ServerNotice } from "../options.ts";

/**
 * Maps a notification that does not concern a turn to a notice; returns `undefined` for any
 * other notification.
 *
 * @param redact Removes secrets from the server's texts.
 */
export function toNotice(
  method: string,
  params: JsonObject,
  redact: (text: string) => string,
): ServerNotice | undefined {
  const words = (value: JsonValue | undefined): string => redact(text(value));
  switch (method) {
    case "configWarning":
      return { type: "config_warning", message: redact(describe(params)) };
    case "warning":
      return { type: "config_warning", message: words(params.message) };
    case "deprecationNotice":
      return { type: "deprecation", message: redact(describe(params)) };
    case "mcpServer/startupStatus/updated":
      return params.status === "failed"
        ? {
          type: "mcp_server_failed",
          server: text(params.name),
          message: words(params.error),
          threadId: typeof params.threadId === "string"
            ? params.threadId
            : null,
        }
        : undefined;
    case "account/rateLimits/updated":
      return isObject(params.rateLimits) && isLimited(params.rateLimits)
        ? { type: "rate_limits", limits: toRateLimits(params.rateLimits) }
        : undefined;
    default:
      return undefined;
  }
}

/** Tells whether an account has limits; without an account, the server sends nulls after every response. */
function isLimited({ primary, secondary }: JsonObject): boolean {
  return isObject(primary) || isObject(secondary);
}

function describe({ summary, details }: JsonObject): string {
  return textWithDetails(summary, details);
}
