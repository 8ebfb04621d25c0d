import type { JsonObject } from "../../protocol/json.ts";
import { lookUp } from "./keywords.ts";

/** Tells whether a value satisfies a constraint. */
export type Limit = (value: unknown) => boolean;

/**
 * Reads the constraints that values are checked against: all except formats and patterns.
 */
export function readLimits(schema: JsonObject): Limit[] {
  return Object.entries(schema).flatMap(([key, limit]): Limit[] => {
    const holds = lookUp(LIMITS, key);
    return holds === undefined ? [] : [(value) => holds(value, limit)];
  });
}

/** The check for each keyword. Values of another type pass. */
const LIMITS: {
  readonly [key: string]: (value: unknown, limit: unknown) => boolean;
} = {
  minLength: compare("string", (value, limit) => value.length >= limit),
  maxLength: compare("string", (value, limit) => value.length <= limit),
  minItems: compare("array", (value, limit) => value.length >= limit),
  maxItems: compare("array", (value, limit) => value.length <= limit),
  minimum: compare("number", (value, limit) => value >= limit),
  maximum: compare("number", (value, limit) => value <= limit),
  exclusiveMinimum: compare("number", (value, limit) => value > limit),
  exclusiveMaximum: compare("number", (value, limit) => value < limit),
  multipleOf: compare("number", (value, limit) => {
    const quotient = value / limit;
    return Math.abs(quotient - Math.round(quotient)) < 1e-9;
  }),
};

/** The values that are compared with a number, by type. */
interface Compared {
  string: string;
  array: readonly unknown[];
  number: number;
}

function compare<K extends keyof Compared>(
  type: K,
  holds: (value: Compared[K], limit: number) => boolean,
): (value: unknown, limit: unknown) => boolean {
  return (value, limit) =>
    !hasType(type, value) || typeof limit !== "number" || holds(value, limit);
}

function hasType<K extends keyof Compared>(
  type: K,
  value: unknown,
): value is Compared[K] {
  const found: string = Array.isArray(value) ? "array" : typeof value;
  return found === type;
}
