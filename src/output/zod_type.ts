import type * as zod from "zod/v4/core";
import type { CodexEnvironmentError } from "../errors/codex_error.ts";
import { hostError } from "../errors/host_error.ts";
import { isError } from "../util/realms.ts";

/** The functions of zod's core, used for types that do not have them as methods. */
export type ZodCore = Pick<
  typeof zod,
  "safeParse" | "safeParseAsync" | "toJSONSchema"
>;

/**
 * The parts of a zod 4 type that are used. The type may come from `zod`, `zod/mini` or
 * zod's core, and from any copy of zod.
 */
export interface ZodType<T> {
  /** Marks it as a type of zod 4. */
  readonly _zod: { readonly output: T };
  /** Reads a value; types of zod's core lack this method. */
  safeParse?(value: unknown): ZodResult<T>;
  /** Reads a value that is validated asynchronously. */
  safeParseAsync?(value: unknown): Promise<ZodResult<T>>;
  /** The type as a Standard Schema. */
  readonly "~standard"?: {
    /** Generates the JSON Schema; types of `zod` have it since 4.2. */
    readonly jsonSchema?: {
      input(options: {
        target: "draft-2020-12";
        libraryOptions: zod.ToJSONSchemaParams;
      }): unknown;
    };
  };
}

/** Returns a type as zod declares it. */
export function asZod<T>(type: ZodType<T>): zod.$ZodType<T> {
  return type as unknown as zod.$ZodType<T>;
}

/** The result of reading a value with zod. */
export type ZodResult<T> = zod.util.SafeParseResult<T>;

/** Tells whether a value is a type of zod 4. */
export function isZodType(value: unknown): value is ZodType<unknown> {
  return (typeof value === "object" || typeof value === "function") &&
    value !== null && "_zod" in value;
}

/**
 * Reads a value with a type; returns a promise if the type validates asynchronously.
 *
 * @param core Returns zod's core, for types that have no methods.
 */
export function readWithZod<T>(
  type: ZodType<T>,
  value: unknown,
  core: () => ZodCore,
): ZodResult<T> | Promise<ZodResult<T>> {
  try {
    return type.safeParse === undefined
      ? core().safeParse(asZod(type), value)
      : type.safeParse(value);
  } catch (error) {
    if (!isAsyncError(error)) throw error;
    return type.safeParseAsync === undefined
      ? core().safeParseAsync(asZod(type), value)
      : type.safeParseAsync(value);
  }
}

/**
 * Tells whether zod failed because a type is asynchronous. Each copy of zod has its own
 * class for this error, so the message decides.
 */
function isAsyncError(error: unknown): boolean {
  return isError(error) &&
    error.message.startsWith("Encountered Promise during synchronous parse");
}

/** Kept because importing it again takes longer than everything else. */
let loaded: ZodCore | undefined;

/**
 * Loads zod's core. If that fails, the next turn tries again.
 *
 * @throws {CodexEnvironmentError} If it cannot be loaded.
 */
export async function loadZodCore(): Promise<ZodCore> {
  try {
    // The only module that a turn loads: Node 20 would cache a failure to load it (facts
    // R29).
    loaded ??= await import("./zod_core.ts");
    return loaded;
  } catch (cause) {
    throw cannotLoadZod(cause);
  }
}

/**
 * Creates the error for a failure to load zod, for example because no more files can be
 * opened.
 */
export function cannotLoadZod(cause: unknown): CodexEnvironmentError {
  const action = "load zod, which reads this outputType";
  return hostError(action, "zod/v4/core", cause);
}
