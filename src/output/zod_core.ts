// The names of zod that are used, and no others: loaded late as they are, a bundler
// would keep all of zod, the languages of its messages included.
export { safeParse, safeParseAsync, toJSONSchema } from "zod/v4/core";
