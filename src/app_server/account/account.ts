import {
  isObject,
  type JsonObject,
  type JsonValue,
} from "../../protocol/json.ts";
import { toDate } from "../threads/thread_info.ts";

/** Who is logged in. */
export type Account =
  | {
    /** A key of the API, or the login of another service. */
    readonly type: "apiKey" | "amazonBedrock" | "gcp" | "other";
  }
  | {
    /** A login of ChatGPT. */
    readonly type: "chatgpt";
    /** Its address; `null` where it is not known. */
    readonly email: string | null;
    /** Its plan, such as `plus` or `team`. */
    readonly plan: string;
  };

/** How much of the account's limits is used. */
export interface RateLimits {
  /** The limit of the shorter time; `null` for none. */
  readonly primary: RateLimit | null;
  /** The limit of the longer time; `null` for none. */
  readonly secondary: RateLimit | null;
  /** The account's plan; `null` where it is not known. */
  readonly plan: string | null;
}

/** One limit, and how much of it is used. */
export interface RateLimit {
  /** How much of it is used, in percent. */
  readonly usedPercent: number;
  /** The time that it is for, in minutes; `null` where it is not known. */
  readonly windowMinutes: number | null;
  /** When it begins anew; `null` where it is not known. */
  readonly resetsAt: Date | null;
}

const KINDS = ["apiKey", "amazonBedrock", "gcp"] as const;

/** Reads an account as the server tells it; gives `null` for nobody. */
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

/** Reads limits as the server tells them. */
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
