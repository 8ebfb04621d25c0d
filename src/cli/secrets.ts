import type { CodexConfigValue } from "../options/config.ts";
import type { CodexOptions } from "../options/options.ts";
import { listExtraFlags, SETTING_FLAGS } from "../options/extra_args.ts";
import { optionRows } from "../options/row.ts";
import { CODEX_OPTIONS } from "../options/table.ts";
import {
  givesSecretTable,
  isSecretTable,
  withoutQuoted,
} from "./secret_settings.ts";

/** The environment variables that contain API keys. */
const KEY_VARIABLES = ["CODEX_API_KEY", "OPENAI_API_KEY"];

/** Matches names of variables and settings that contain secrets. */
const SECRET_NAME = /key|token|secret|password/i;

/** Settings that name an environment variable, which contains the secret. */
const NAMES_VARIABLE = /(?:env_key|env_var)$/i;
const NAMES_VARIABLES = /^env_http_headers$/i;

/** Settings that match such a name, but contain prose. */
const PROSE = /_instructions$/i;

/** A quoted value in a setting as the caller wrote it, and the name before it. */
const QUOTED =
  /(?:(?<![\w-])([\w-]+)["']?\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/g;

/** An unquoted value in an inline table. */
const BARE = /=\s*([^\s"'{}[\],=]+)/g;

/** The depth to which settings are searched; the CLI accepts 80 levels (facts F27). */
const MAX_DEPTH = 100;

/** The input that determines the secrets that the CLI is given. */
export interface SecretsInput {
  /** The client's options. */
  readonly options: CodexOptions;
  /**
   * Reads a variable of the host; returns `undefined` if it is not set, or may not be
   * read.
   */
  readonly hostEnv: (name: string) => string | undefined;
}

/**
 * Finds the secrets that the CLI is given: keys, the values of variables and settings
 * whose names suggest a secret, and the secret parts of URLs. The CLI and the service
 * repeat them in messages; no error may show them.
 */
export function secretsIn({ options, hostEnv }: SecretsInput): string[] {
  const found = new Set<string>();
  const add = (value: string | undefined): void => {
    if (value !== undefined && value !== "") found.add(value);
  };
  /** Adds the values that a variable may have: Windows ignores the case of its name. */
  const addVariable = (name: string): void => {
    for (const [key, value] of Object.entries(options.env ?? {})) {
      if (key.toUpperCase() === name.toUpperCase()) add(value);
    }
    add(hostEnv(name));
  };
  const addUrl = (text: string): void => {
    for (const secret of secretsInUrl(text)) add(secret);
  };

  /** The objects searched so far, each with the contexts that affect the search. */
  const seen = new Map<object, Set<string>>();

  /** Tells whether a value is searched for the first time in a context. */
  function isNew(value: object, way: string): boolean {
    const ways = seen.get(value) ?? new Set();
    if (ways.has(way)) return false;
    seen.set(value, ways.add(way));
    return true;
  }

  /** Searches a setting and those below it. */
  function addSetting(
    value: CodexConfigValue | undefined,
    path: readonly string[],
    isSecret: boolean,
    isInTable = false,
    depth = 0,
  ): void {
    const name = path.at(-1) ?? "";
    if (typeof value === "string") {
      if (NAMES_VARIABLE.test(name)) addVariable(value);
      else if (isSecret && !PROSE.test(name)) add(value);
      addUrl(value);
    } else if (typeof value === "number") {
      // With a name that suggests a secret, a number is a limit (`…_token_limit`); in a
      // table it may be a PIN.
      if (isInTable) add(String(value));
    } else if (typeof value === "object" && value !== null) {
      // Values that are later rejected, because they are cyclic or nested endlessly, are
      // searched, too.
      if (depth > MAX_DEPTH) return;
      if (!isNew(value, `${isSecret} ${isInTable} ${name}`)) return;
      for (const [key, inner] of readEntries(value)) {
        if (NAMES_VARIABLES.test(name) && typeof inner === "string") {
          addVariable(inner);
        } else if (Array.isArray(value)) {
          addSetting(inner, path, isSecret, isInTable, depth + 1);
        } else {
          // A key may be a path.
          const below = [name, ...key.split(".")];
          const isInnerTable = isInTable ||
            below.some((_, at) => isSecretTable(below.slice(0, at + 1)));
          addSetting(
            inner,
            below.slice(-2),
            isSecret || isInnerTable || SECRET_NAME.test(key),
            isInnerTable,
            depth + 1,
          );
        }
      }
    }
  }

  for (const [name, row] of optionRows(CODEX_OPTIONS)) {
    const value: unknown = Reflect.get(options, name);
    if (typeof value !== "string") continue;
    if (row.kind === "secret") add(value);
    // The error for a rejected key contains the whole URL (facts F39).
    if (row.kind === "text" && row.secret === "url") addUrl(value);
  }
  KEY_VARIABLES.forEach(addVariable);
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) continue;
    if (SECRET_NAME.test(name)) add(value);
    addUrl(value);
  }
  addSetting(options.config, [], false);
  const overrides = [...options.configOverrides ?? []];
  for (const { flag, value } of listExtraFlags(options.extraArgs ?? [])) {
    if (value === undefined) continue;
    if (SETTING_FLAGS.includes(flag)) overrides.push(value);
    else if (SECRET_NAME.test(flag)) add(value);
    addUrl(value);
  }
  for (const override of overrides) {
    const isTable = givesSecretTable(override);
    const isSecret = isTable || SECRET_NAME.test(override);
    for (const match of override.matchAll(QUOTED)) {
      const [whole, name = "", double, single] = match;
      // A text that is followed by `=` is a name.
      const rest = override.slice(match.index + whole.length);
      if (/^\s*=/.test(rest)) continue;
      addSetting(double ?? single, [name], isSecret);
      if (double?.includes("\\")) {
        addSetting(unescaped(double), [name], isSecret);
      }
    }
    // An unquoted value is a string, too.
    const bare = override.slice(override.indexOf("=") + 1).trim();
    if (!/["'{[]/.test(bare)) addSetting(bare, [nameIn(override)], isSecret);
    if (isTable) {
      for (const [, value] of withoutQuoted(override).matchAll(BARE)) {
        add(value);
      }
    }
  }
  return [...found];
}

/**
 * Returns the last part of a setting's name: `env_key` of
 * `model_providers.a.env_key="X"`.
 */
function nameIn(override: string): string {
  return /(?<![\w-])([\w-]+)\s*=/.exec(override)?.[1] ?? "";
}

/** Returns the entries of a table; none if a getter throws, which is rejected later. */
function readEntries(table: object): [string, CodexConfigValue | undefined][] {
  try {
    return Object.entries(table);
  } catch {
    return [];
  }
}

/** Decodes the text between the quotes of a TOML string. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/**
 * Returns the parts of a URL that may be secret, its user and its query, as written and
 * decoded.
 */
function secretsInUrl(text: string): string[] {
  const url = text.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || !URL.canParse(url)) return [];
  const { username, password, searchParams } = new URL(url);
  const [, authority = "", query = ""] =
    /^[^/]*\/\/([^/?#]*)[^?#]*\??([^#]*)/.exec(url) ?? [];
  const user = authority.slice(0, Math.max(0, authority.lastIndexOf("@")));
  const colon = user.indexOf(":");
  // A user name alone may be a token.
  return [
    ...[username, password],
    ...colon === -1 ? [user] : [user.slice(0, colon), user.slice(colon + 1)],
    ...searchParams.values(),
    ...query.split("&").map((part) => part.slice(part.indexOf("=") + 1)),
  ].filter((part) => part !== "");
}
