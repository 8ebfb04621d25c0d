import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import { isObject } from "../../protocol/json.ts";
import { toRateLimits } from "../account/account.ts";
import type { ServerNotice } from "../options.ts";

/** Maps a notification that concerns no turn to a notice; gives `undefined` for one that is none. */
export function toNotice(
  method: string,
  params: JsonObject,
): ServerNotice | undefined {
  switch (method) {
    case "configWarning":
      return { type: "config_warning", message: describe(params) };
    case "warning":
      return { type: "config_warning", message: text(params.message) };
    case "deprecationNotice":
      return { type: "deprecation", message: describe(params) };
    case "mcpServer/startupStatus/updated":
      return params.status === "failed"
        ? {
          type: "mcp_server_failed",
          server: text(params.name),
          message: text(params.error),
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

/** Tells whether an account has limits: without one they come after every response, all null. */
function isLimited({ primary, secondary }: JsonObject): boolean {
  return isObject(primary) || isObject(secondary);
}

function describe({ summary, details }: JsonObject): string {
  return typeof details === "string" && details !== ""
    ? `${text(summary)} (${details})`
    : text(summary);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
