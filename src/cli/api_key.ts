import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../errors/codex_error.ts";
import { checkSecret } from "../options/check.ts";
import type { CodexOptions } from "../options/options.ts";
import { type AbortSignalLike, onAbort } from "../util/on_abort.ts";
import { isThenable } from "../util/is_thenable.ts";

/** Options of a client whose key is known. */
export type KeyedOptions = Omit<CodexOptions, "apiKey"> & {
  readonly apiKey?: string | undefined;
};

/**
 * Gives the key, which a function is asked for; `undefined` where there is none, or the
 * signal is aborted first: a function may never answer.
 *
 * @throws {CodexInputError} For what the function throws, and for an answer that is no key.
 */
export async function askApiKey(
  apiKey: CodexOptions["apiKey"],
  signal: AbortSignalLike,
): Promise<string | undefined> {
  if (typeof apiKey !== "function") return apiKey;
  let stopListening = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    stopListening = onAbort(signal, () => resolve(undefined));
  });
  const asked = (async () => await apiKey())();
  // It may fail when nobody waits for it any more.
  asked.catch(() => {});
  try {
    const given = await Promise.race([asked, aborted]);
    if (!signal.aborted) checkSecret(given, "apiKey");
    return given;
  } catch (cause) {
    throw failure(cause);
  } finally {
    stopListening();
  }
}

/**
 * Gives the key on a thread that cannot wait for it.
 *
 * @throws {CodexInputError} As {@linkcode askApiKey} does, and for a promise.
 */
export function askApiKeySync(
  apiKey: CodexOptions["apiKey"],
): string | undefined {
  if (typeof apiKey !== "function") return apiKey;
  let given: unknown;
  try {
    given = apiKey();
  } catch (cause) {
    throw failure(cause);
  }
  if (isThenable(given)) {
    // It may fail when nobody waits for it.
    given.then(() => {}, () => {});
    throw new CodexUnsupportedOptionError(
      "apiKey must not be async in the blocking client, which cannot wait for it: pass a function that returns the key, or use Codex",
      { path: "apiKey" },
    );
  }
  checkSecret(given, "apiKey");
  return given;
}

/** Says that the function has failed; what it says may hold a secret, and is the cause alone. */
function failure(cause: unknown): CodexInputError {
  if (cause instanceof CodexInputError && cause.path === "apiKey") return cause;
  return new CodexInputError(
    "Cannot get the key: the function apiKey threw; see the cause",
    { path: "apiKey", cause },
  );
}
