// Exports only the names of zod that are used. If zod were imported directly,
// bundlers would keep all of it, with the messages in every language, since it is
// loaded late.
export { safeParse, safeParseAsync, toJSONSchema } from "zod/v4/core";
