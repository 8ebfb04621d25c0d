/**
 * Tables whose values are all secrets: headers, a server's environment, query parameters
 * of a URL.
 */
const TABLE = /^(?:http_headers|headers|env|query_params)$/i;

/** The table of the variables of commands, and the table that contains it. */
const SET = /^set$/i;
const SHELL_POLICY = /^shell_environment_policy$/i;

/** Names in a setting's text that are followed by a value or a further name. */
const NAMED = /(?<![\w-])([\w-]+)["']?\s*[.=]/g;

/**
 * A quoted text in a setting; the group matches if it is a name, which `=` or `.`
 * follows.
 */
const QUOTED_TEXT = /(?:"(?:[^"\\]|\\.)*"|'[^']*')(\s*[.=])?/g;

/** Tells whether a path leads to a table whose values are all secrets. */
export function isSecretTable(path: readonly string[]): boolean {
  const name = path.at(-1) ?? "";
  return TABLE.test(name) ||
    SET.test(name) && SHELL_POLICY.test(path.at(-2) ?? "");
}

/**
 * Tells whether a setting, as the caller wrote it, contains values of a table whose
 * values are all secrets: at its path (`mcp_servers.a.env.A=1`), or in an inline table.
 */
export function givesSecretTable(setting: string): boolean {
  const names = namesIn(setting);
  return names.some((name) => TABLE.test(name)) ||
    names.some((name) => SET.test(name)) &&
      names.some((name) => SHELL_POLICY.test(name));
}

/**
 * Tells whether a setting, as the caller wrote it, contains the arguments of an MCP
 * server.
 */
export function givesServerArgs(setting: string): boolean {
  const names = namesIn(setting);
  return names.includes("mcp_servers") && names.includes("args");
}

/** Lists the names in a setting, including those in its inline tables. */
function namesIn(setting: string): string[] {
  return [...withoutQuoted(setting).matchAll(NAMED)]
    .map(([, name = ""]) => name);
}

/** Removes the contents of quoted values in a setting, as the caller wrote it. */
export function withoutQuoted(setting: string): string {
  return setting.replace(
    QUOTED_TEXT,
    (text, follows) => follows === undefined ? '""' : text,
  );
}
