import type { CodexConfigValue } from "../options/config.ts";
import type { CodexOptions } from "../options/options.ts";
import { quoted, shorten } from "../util/text.ts";

/** A setting whose values are secrets as a rule, and the one that names variables in its place. */
interface SecretSetting {
  /** The last parts of the setting's path. */
  readonly path: RegExp;
  /** The setting that names variables of the environment instead. */
  readonly instead: string;
}

const SECRET_SETTINGS: readonly SecretSetting[] = [
  { path: /(?:^|\.)mcp_servers\.[^.]+\.env$/, instead: "env_vars" },
  { path: /(?:^|\.)http_headers$/, instead: "env_http_headers" },
  { path: /(?:^|[._])bearer_token$/, instead: "bearer_token_env_var" },
];

/** The most levels that settings are looked at. */
const MAX_DEPTH = 10;

/**
 * Lists the settings that put secrets into the CLI's arguments, as warnings: other users
 * of the machine can read the process list.
 */
export function argvSecretWarnings(
  { config, configOverrides = [] }: CodexOptions,
): string[] {
  const paths = [
    ...pathsIn(config, ""),
    ...configOverrides.map((override) =>
      override.slice(0, Math.max(0, override.indexOf("="))).trim()
    ),
  ];
  return [...new Set(paths)].flatMap((path) => {
    const found = SECRET_SETTINGS.find((setting) => setting.path.test(path));
    return found === undefined ? [] : [
      `The values of ${
        quoted(shorten(path, 200))
      } stand in the process list, where other users of this machine can read them: name variables with ${found.instead} instead`,
    ];
  });
}

/** Lists the paths of the tables and values in settings. */
function pathsIn(
  value: CodexConfigValue | undefined,
  path: string,
  depth = 0,
): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value)) return [path];
  if (depth > MAX_DEPTH) return [];
  const entries = Object.entries(value);
  // An empty table has no values.
  if (entries.length === 0) return [];
  return [
    ...path === "" ? [] : [path],
    ...entries.flatMap(([key, inner]) =>
      pathsIn(inner, path === "" ? key : `${path}.${key}`, depth + 1)
    ),
  ];
}
