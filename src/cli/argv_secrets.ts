import type { CodexConfigValue } from "../options/config.ts";
import type { CodexOptions } from "../options/options.ts";
import { listExtraFlags, SETTING_FLAGS } from "../options/extra_args.ts";
import { quoted, shorten } from "../util/text.ts";

/** A setting whose values are usually secrets, and the alternative. */
interface SecretSetting {
  /** The last parts of the setting's path. */
  readonly path: RegExp;
  /** The alternative: usually a setting that names environment variables. */
  readonly instead: string;
}

const SECRET_SETTINGS: readonly SecretSetting[] = [
  { path: /(?:^|\.)mcp_servers\.[^.]+\.env$/, instead: named("env_vars") },
  {
    path: /(?:^|\.)shell_environment_policy\.set$/,
    instead: "set them in the option env, which commands inherit,",
  },
  { path: /(?:^|\.)http_headers$/, instead: named("env_http_headers") },
  {
    path: /(?:^|\.)headers$/,
    instead: "keep them in a config.toml of the CLI",
  },
  { path: /(?:^|[._])bearer_token$/, instead: named("bearer_token_env_var") },
];

/** Writes the advice to name variables with a setting. */
function named(setting: string): string {
  return `name variables with ${setting}`;
}

/** The maximum depth to which settings are examined. */
const MAX_DEPTH = 10;

/** The maximum number of parts of a path that are examined. */
const MAX_PARTS = 20;

/**
 * Returns warnings about settings that put secrets into the CLI's arguments: other users
 * of the machine can read the process list.
 */
export function argvSecretWarnings(
  { config, configOverrides = [], extraArgs = [] }: CodexOptions,
): string[] {
  const overrides = [
    ...configOverrides,
    ...listExtraFlags(extraArgs).flatMap(({ flag, value }) =>
      SETTING_FLAGS.includes(flag) && value !== undefined ? [value] : []
    ),
  ];
  const paths = [
    ...pathsIn(config, ""),
    ...overrides.map((override) =>
      override.slice(0, Math.max(0, override.indexOf("="))).trim()
    ),
  ].flatMap(listTables);
  return [...new Set(paths)].flatMap((path) => {
    const found = SECRET_SETTINGS.find((setting) => setting.path.test(path));
    return found === undefined ? [] : [
      `The values of ${
        quoted(shorten(path, 200))
      } are visible in the process list to other users of this machine: ${found.instead} instead`,
    ];
  });
}

/** Lists a path, preceded by the paths of the tables that contain it. */
function listTables(path: string): string[] {
  const parts = path.split(".", MAX_PARTS);
  return [
    ...parts.slice(1).map((_, at) => parts.slice(0, at + 1).join(".")),
    path,
  ];
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
