import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { CodexInputError } from "../errors/codex_error.ts";
import { cannotLoadZod, type ZodCore } from "../output/zod_type.ts";

/** The part of zod that is used. In a variable, as webpack would try to bundle a literal, and fail. */
const ZOD_CORE: string = "zod/v4/core";

let required: ZodCore | undefined;

/**
 * Loads the part of zod that is used, synchronously, and only for types that need it.
 *
 * @throws {CodexInputError} If this module is not a file, as when it is loaded from JSR:
 * nothing can be loaded synchronously from there.
 * @throws {CodexEnvironmentError} If zod cannot be loaded.
 */
export function requireZodCore(): ZodCore {
  // Bundlers that write CommonJS leave it undefined.
  const here: string | undefined = import.meta.url;
  if (!here?.startsWith("file:")) {
    throw new CodexInputError(
      "outputType is a type of zod/mini, or of zod before 4.2, which the blocking client cannot read: pass a type of zod 4.2 or later, or { schema: z.toJSONSchema(type), parse: (value) => type.parse(value) }",
      { path: "outputType" },
    );
  }
  try {
    required ??= createRequire(here)(zodCorePath());
    return required as ZodCore;
  } catch (cause) {
    throw cannotLoadZod(cause);
  }
}

/**
 * Finds the copy that `import` loads: before zod 4.1, each copy keeps the metadata of its
 * own types.
 */
function zodCorePath(): string {
  const url = import.meta.resolve(ZOD_CORE);
  return url.startsWith("file:") ? fileURLToPath(url) : ZOD_CORE;
}
