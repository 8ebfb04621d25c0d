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

/** The options of each owner with the blocking client. */
export const SYNC_OPTION_TABLES: OptionTables = withoutListeners(
  withoutTools(OPTION_TABLES, noFunctions("use Codex")),
  noFunctions("read the events of runStreamed(), or use Codex"),
);

// Options are the caller's objects: they may have getters, be proxies (as
// `process.env` is), and hold keys of the caller's own. Only plain data can be sent
// to another thread.

/**
 * Gives the options of a client as plain data. A key is asked for here, where its function
 * is.
 *
 * @throws {CodexConfigError} For a `config` that cannot be sent to the CLI.
 * @throws {CodexInputError} For a key that cannot be had.
 */
export function plainCodexOptions(options: CodexOptions): CodexOptions {
  const { config, env, apiKey, ...rest } = pick(options, CODEX_OPTIONS);
  // What passes this is what JSON can hold.
  if (config) serializeConfigOverrides(config);
  return {
    ...rest,
    apiKey: resolveApiKeySync(apiKey),
    config: config && JSON.parse(JSON.stringify(config)),
    env: env && { ...env },
  };
}

/** Gives the options of a thread as plain data. */
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

/** Says why a function cannot be called. */
function noFunctions(instead: string): string {
  return `is not supported by CodexSync: its thread is blocked while a turn runs, and cannot call functions; ${instead}`;
}
