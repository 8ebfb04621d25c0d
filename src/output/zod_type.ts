import type * as zod from "zod/v4/core";
import type { CodexEnvironmentError } from "../errors/codex_error.ts";
import { hostError } from "../errors/host_error.ts";

/** What of zod is used for types that do not bring it along. */
export type ZodCore = Pick<
  typeof zod,
  "safeParse" | "safeParseAsync" | "toJSONSchema"
>;

/**
 * A type of zod 4, as far as it is asked: of `zod`, of `zod/mini` or of zod's core, of
 * whatever copy.
 */
export interface ZodType<T> {
  /** What makes it one. */
  readonly _zod: { readonly output: T };
  /** Reads a value; types of zod's core do not have it. */
  safeParse?(value: unknown): ZodResult<T>;
  /** Reads a value that is validated asynchronously. */
  safeParseAsync?(value: unknown): Promise<ZodResult<T>>;
  /** What it is as a Standard Schema. */
  readonly "~standard"?: {
    /** Writes the JSON Schema; types of `zod` have it from 4.2 on. */
    readonly jsonSchema?: {
      input(options: {
        target: "draft-2020-12";
        libraryOptions: zod.ToJSONSchemaParams;
      }): unknown;
    };
  };
}

/** The type as zod itself knows it. */
export function asZod<T>(type: ZodType<T>): zod.$ZodType<T> {
  return type as unknown as zod.$ZodType<T>;
}

/** What zod makes of a value. */
export type ZodResult<T> = zod.util.SafeParseResult<T>;

/** Tells whether a value is a type of zod 4. */
export function isZodType(value: unknown): value is ZodType<unknown> {
  return (typeof value === "object" || typeof value === "function") &&
    value !== null && "_zod" in value;
}

/**
 * Reads a value with a type; later, where the type validates asynchronously.
 *
 * @param core Gives what reads types that do not read by themselves.
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

/** Each copy of zod has a class of its own for it, so that it is known by its words. */
function isAsyncError(error: unknown): boolean {
  return error instanceof Error &&
    error.message.startsWith("Encountered Promise during synchronous parse");
}

/** Asking the runtime for it again takes longer than all else. */
let loaded: ZodCore | undefined;

/**
 * Loads what is used of zod. One that could not be loaded is tried again by the next
 * turn.
 *
 * @throws {CodexEnvironmentError} If it cannot be loaded.
 */
export async function loadZodCore(): Promise<ZodCore> {
  try {
    loaded ??= await import("./zod_core.ts");
    return loaded;
  } catch (cause) {
    throw cannotLoadZod(cause);
  }
}

/** The error for zod that cannot be loaded, such as where no file can be opened any more. */
export function cannotLoadZod(cause: unknown): CodexEnvironmentError {
  const action = "load zod, which reads this outputType";
  return hostError(action, "zod/v4/core", cause);
}
