import { serializeConfigOverrides } from "../cli/config_overrides.ts";
import { CODEX_OPTIONS, THREAD_OPTIONS } from "../options/check.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";

// Options are the caller's objects: they may have getters, be proxies (as
// `process.env` is), and hold keys of the caller's own. Only plain data can be sent
// to another thread.

/**
 * The options of a client as plain data.
 *
 * @throws {CodexConfigError} For a `config` that cannot be sent to the CLI.
 */
export function plainCodexOptions(options: CodexOptions): CodexOptions {
  const { config, env, ...rest } = pick(options, CODEX_OPTIONS);
  // What it makes sure of is just what JSON can hold.
  if (config) serializeConfigOverrides(config);
  return {
    ...rest,
    config: config && JSON.parse(JSON.stringify(config)),
    env: env && { ...env },
  };
}

/** The options of a thread as plain data. */
export function plainThreadOptions(options: ThreadOptions): ThreadOptions {
  return pick(options, THREAD_OPTIONS);
}

function pick<O extends object>(
  options: O,
  names: { readonly [K in keyof O]-?: true },
): O {
  const picked: Partial<O> = Object.create(null);
  for (const name of Object.keys(names) as (keyof O)[]) {
    picked[name] = options[name];
  }
  return picked as O;
}
