import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { CodexInputError } from "../errors/codex_error.ts";
import { cannotLoadZod, type ZodCore } from "../output/zod_type.ts";

/** The part of zod that is used. In a variable: webpack takes a literal for a module of its own, and cannot build. */
const ZOD_CORE: string = "zod/v4/core";

let required: ZodCore | undefined;

/**
 * Loads what is used of zod, without waiting: only for types that need it, so that
 * others pay nothing.
 *
 * @throws {CodexInputError} Where it cannot be loaded so: from JSR this module is no
 * file that could ask for another one.
 * @throws {CodexEnvironmentError} If it cannot be loaded.
 */
export function requireZodCore(): ZodCore {
  // Bundlers that write CommonJS leave nothing of it.
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
 * Finds the copy that `import` gives, since metadata of types are kept with their copy
 * before zod 4.1.
 */
function zodCorePath(): string {
  const url = import.meta.resolve(ZOD_CORE);
  return url.startsWith("file:") ? fileURLToPath(url) : ZOD_CORE;
}
