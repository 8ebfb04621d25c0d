import { resolveApiKeySync } from "../cli/api_key.ts";
import { serializeConfigOverrides } from "../cli/config_overrides.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";
import type { OptionRows } from "../options/row.ts";
import {
  CODEX_OPTIONS,
  OPTION_TABLES,
  type OptionTables,
  THREAD_OPTIONS,
  withoutListeners,
  withoutTools,
} from "../options/table.ts";

/** The tables of options for the blocking client. */
export const SYNC_OPTION_TABLES: OptionTables = withoutListeners(
  withoutTools(OPTION_TABLES, noFunctions("use Codex")),
  noFunctions("read the events of runStreamed(), or use Codex"),
);

// Options are the caller's objects: they may have getters, be proxies (as
// `process.env` is), and have further keys. Only plain data can be sent to another
// thread.

/**
 * Copies the options of a client as plain data. A function for `apiKey` is called here,
 * since it cannot be sent.
 *
 * @throws {CodexConfigError} For a `config` that cannot be sent to the CLI.
 * @throws {CodexInputError} If the function for `apiKey` throws, or does not return a key.
 */
export function plainCodexOptions(options: CodexOptions): CodexOptions {
  const { config, env, apiKey, ...rest } = pick(options, CODEX_OPTIONS);
  // This throws for values that are not JSON.
  if (config) serializeConfigOverrides(config);
  return {
    ...rest,
    apiKey: resolveApiKeySync(apiKey),
    config: config && JSON.parse(JSON.stringify(config)),
    env: env && { ...env },
  };
}

/** Copies the options of a thread as plain data. */
export function plainThreadOptions(options: ThreadOptions): ThreadOptions {
  return pick(options, THREAD_OPTIONS);
}

function pick<O extends object>(options: O, table: OptionRows): O {
  const picked: { [name: string]: unknown } = Object.create(null);
  for (const name of Object.keys(table)) {
    picked[name] = Reflect.get(options, name);
  }
  return picked as O;
}

/** Returns the reason why `CodexSync` takes no functions. */
function noFunctions(instead: string): string {
  return `the thread of CodexSync is blocked while a turn runs, and cannot call functions; ${instead}`;
}
