import {
  CodexInputError,
  CodexUnsupportedOptionError,
} from "../errors/codex_error.ts";
import { checkSecret } from "../options/check.ts";
import type { CodexOptions } from "../options/options.ts";
import { type AbortSignalLike, onAbort } from "../util/on_abort.ts";
import { isThenable } from "../util/is_thenable.ts";

/** Options of a client, with its API key resolved. */
export type KeyedOptions = Omit<CodexOptions, "apiKey"> & {
  readonly apiKey?: string | undefined;
};

/**
 * Returns the API key, calling the option if it is a function. Returns `undefined` if
 * there is no key, or if the signal is aborted first, since a function may never answer.
 *
 * @throws {CodexInputError} If the function throws, or returns a value that is not a key.
 */
export async function resolveApiKey(
  apiKey: CodexOptions["apiKey"],
  signal: AbortSignalLike,
): Promise<string | undefined> {
  if (typeof apiKey !== "function") return apiKey;
  let stopListening = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    stopListening = onAbort(signal, () => resolve(undefined));
  });
  const asked = (async () => await apiKey())();
  // It may reject when nobody is waiting any more.
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
 * Returns the API key on a thread that cannot wait for it.
 *
 * @throws {CodexInputError} As {@linkcode resolveApiKey} does, and for a promise.
 */
export function resolveApiKeySync(
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
    // It may reject, and nobody is waiting.
    given.then(() => {}, () => {});
    throw new CodexUnsupportedOptionError(
      "apiKey must not be async in the blocking client, which cannot wait for it: pass a function that returns the key, or use Codex",
      { path: "apiKey" },
    );
  }
  checkSecret(given, "apiKey");
  return given;
}

/**
 * Creates the error for a function that failed; its own error may contain a secret, and
 * is only the cause.
 */
function failure(cause: unknown): CodexInputError {
  if (cause instanceof CodexInputError && cause.path === "apiKey") return cause;
  return new CodexInputError(
    "Cannot get the key: the function apiKey threw; see the cause",
    { path: "apiKey", cause },
  );
}
