/** Tables whose every value is a secret: headers, a server's environment, what is added to a URL. */
const TABLE = /^(?:http_headers|headers|env|query_params)$/i;

/** The table of the variables that commands get, and the one that it stands in. */
const SET = /^set$/i;
const SHELL_POLICY = /^shell_environment_policy$/i;

/** Names in the text of a setting that a value or a further name follows. */
const NAMED = /(?<![\w-])([\w-]+)["']?\s*[.=]/g;

/** A quoted text in a setting, and whether it is a name: what follows names is `=` or `.`. */
const QUOTED_TEXT = /(?:"(?:[^"\\]|\\.)*"|'[^']*')(\s*[.=])?/g;

/** Tells whether a path leads to a table whose every value is a secret. */
export function isSecretTable(path: readonly string[]): boolean {
  const name = path.at(-1) ?? "";
  return TABLE.test(name) ||
    SET.test(name) && SHELL_POLICY.test(path.at(-2) ?? "");
}

/**
 * Tells whether a setting, as the caller wrote it, gives values of a table whose every value
 * is a secret: at its path (`mcp_servers.a.env.A=1`), or in an inline table.
 */
export function givesSecretTable(setting: string): boolean {
  const names = namesIn(setting);
  return names.some((name) => TABLE.test(name)) ||
    names.some((name) => SET.test(name)) &&
      names.some((name) => SHELL_POLICY.test(name));
}

/** Tells whether a setting, as the caller wrote it, gives the arguments of an MCP server. */
export function givesServerArgs(setting: string): boolean {
  const names = namesIn(setting);
  return names.includes("mcp_servers") && names.includes("args");
}

/** Lists the names in a setting, those in its inline tables included. */
function namesIn(setting: string): string[] {
  return [...withoutQuoted(setting).matchAll(NAMED)]
    .map(([, name = ""]) => name);
}

/** Empties the quoted values of a setting, as the caller wrote it. */
export function withoutQuoted(setting: string): string {
  return setting.replace(
    QUOTED_TEXT,
    (text, follows) => follows === undefined ? '""' : text,
  );
}
