import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { toDate } from "../threads/thread_info.ts";

/** The account that is logged in. */
export type Account =
  | {
    /** An API key, or a login of another service. */
    readonly type: "apiKey" | "amazonBedrock" | "gcp" | "other";
  }
  | {
    /** A ChatGPT login. */
    readonly type: "chatgpt";
    /** The account's email address; `null` if unknown. */
    readonly email: string | null;
    /** The account's plan, such as `plus` or `team`; `unknown` if the server does not name it. */
    readonly plan: string;
  };

/** The account's rate limits and their current use. */
export interface RateLimits {
  /** The limit for the shorter time window; `null` for none. */
  readonly primary: RateLimit | null;
  /** The limit for the longer time window; `null` for none. */
  readonly secondary: RateLimit | null;
  /** The account's plan; `null` if unknown. */
  readonly plan: string | null;
}

/** One rate limit and its current use. */
export interface RateLimit {
  /** The used share, in percent. */
  readonly usedPercent: number;
  /** The length of the time window, in minutes; `null` if unknown. */
  readonly windowMinutes: number | null;
  /** The time at which the window starts again; `null` if unknown. */
  readonly resetsAt: Date | null;
}

const KINDS = ["apiKey", "amazonBedrock", "gcp"] as const;

/** Reads an account in the server's form; returns `null` if nobody is logged in. */
export function toAccount(account: JsonValue | undefined): Account | null {
  if (!isObject(account)) return null;
  const { type, email, planType } = account;
  if (type === "chatgpt") {
    return {
      type,
      email: typeof email === "string" ? email : null,
      plan: typeof planType === "string" ? planType : "unknown",
    };
  }
  return { type: KINDS.find((kind) => kind === type) ?? "other" };
}

/** Reads rate limits in the server's form. */
export function toRateLimits(limits: JsonObject): RateLimits {
  const { primary, secondary, planType } = limits;
  return {
    primary: toRateLimit(primary),
    secondary: toRateLimit(secondary),
    plan: typeof planType === "string" ? planType : null,
  };
}

function toRateLimit(limit: JsonValue | undefined): RateLimit | null {
  if (!isObject(limit)) return null;
  const { usedPercent, windowDurationMins, resetsAt } = limit;
  return {
    usedPercent: typeof usedPercent === "number" ? usedPercent : 0,
    windowMinutes: typeof windowDurationMins === "number"
      ? windowDurationMins
      : null,
    resetsAt: toDate(resetsAt),
  };
}
