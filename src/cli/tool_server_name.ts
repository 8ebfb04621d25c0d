import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import { TOOL_SERVER_NAME } from "../options/own_tools.ts";
import { quoted } from "../util/text.ts";

/**
 * Returns the name of the server of the program's tools.
 *
 * @param settings The client's settings, as they are sent.
 * @throws {CodexInputError} If the settings have a server with that name.
 */
export function toolServerName(
  { toolServerName }: Pick<CodexOptions, "toolServerName">,
  settings: readonly string[],
): string {
  const name = toolServerName || TOOL_SERVER_NAME;
  if (!settings.some((setting) => namesServer(setting, name))) return name;
  throw new CodexInputError(
    `The MCP server ${
      quoted(name)
    } in config has the name of the server for tools: rename it, or set another toolServerName`,
    { path: "toolServerName" },
  );
}

/**
 * Tells whether a setting concerns a server: under its path, or in a table of servers.
 */
function namesServer(setting: string, name: string): boolean {
  const equals = setting.indexOf("=");
  const path = setting.slice(0, Math.max(0, equals)).trim();
  if (path === "mcp_servers") {
    return keysIn(setting.slice(equals + 1)).includes(name);
  }
  return path === `mcp_servers.${name}` ||
    path.startsWith(`mcp_servers.${name}.`);
}

/**
 * Matches a TOML key, quoted or not, with the mark that makes it a key or part of a path;
 * or any other character.
 */
const TOKEN = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*([=.]?)|[^]/g;

/** Lists the keys of an inline TOML table, without those of tables inside it. */
function keysIn(table: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let isInPath = false;
  for (const [token, double, single, bare, mark] of table.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    const key = double ?? single ?? bare;
    if (key === undefined) continue;
    if (depth === 1 && mark !== "" && !isInPath) keys.push(key);
    isInPath = mark === ".";
  }
  return keys;
}
