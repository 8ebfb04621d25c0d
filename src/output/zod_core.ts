// Exports only the zod functions that are used. Importing zod directly would make
// bundlers keep all of it, including the messages in every language, since the import is
// dynamic.
export { safeParse, safeParseAsync, toJSONSchema } from "zod/v4/core";
