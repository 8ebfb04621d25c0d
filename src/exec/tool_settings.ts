import { toTomlValue } from "../cli/config_overrides.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import { TOOL_SERVER_NAME } from "../options/own_tools.ts";
import type { CodexOptions } from "../options/options.ts";
import type { ToolServer } from "../tools/tool_server.ts";
import { quoted } from "../util/text.ts";

/** The variable of the CLI's environment that holds the token of a turn's tools. */
export const TOOL_TOKEN = "ACODEX_TOOL_TOKEN";

/** The time that the CLI waits longer than a call may take, in s: this side says first what is wrong. */
const MARGIN_SECONDS = 10;

/**
 * Gives the settings that make the CLI know the server of a turn's tools. They are the
 * program's own functions: they need no approval (facts F61), several run at once where
 * the model asks for it (facts F64), and a turn without them does not begin.
 *
 * @param settings The client's settings, which are sent before.
 * @throws {CodexInputError} If the settings have a server of that name.
 */
export function toolSettings(
  { toolServerName }: CodexOptions,
  { url, timeoutMs }: Pick<ToolServer, "url" | "timeoutMs">,
  settings: readonly string[],
): string[] {
  const name = toolServerName || TOOL_SERVER_NAME;
  if (settings.some((setting) => namesServer(setting, name))) {
    throw new CodexInputError(
      `The MCP server ${
        quoted(name)
      } of config is that of tools: rename it, or give another toolServerName`,
      { path: "toolServerName" },
    );
  }
  const server = {
    url,
    bearer_token_env_var: TOOL_TOKEN,
    required: true,
    default_tools_approval_mode: "approve",
    supports_parallel_tool_calls: true,
    tool_timeout_sec: Math.ceil(timeoutMs / 1000) + MARGIN_SECONDS,
  };
  return Object.entries(server).map(([key, value]) =>
    `mcp_servers.${name}.${key}=${toTomlValue(value, key)}`
  );
}

/** Tells whether a setting is about a server: under its path, or in a table of servers. */
function namesServer(setting: string, name: string): boolean {
  const equals = setting.indexOf("=");
  const path = setting.slice(0, Math.max(0, equals)).trim();
  if (path === "mcp_servers") {
    return keysIn(setting.slice(equals + 1)).includes(name);
  }
  return path === `mcp_servers.${name}` ||
    path.startsWith(`mcp_servers.${name}.`);
}

/** A word of TOML, quoted or not, with what makes it a key, or of a path; or any other character. */
const TOKEN = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*([=.]?)|[^]/g;

/** Lists the keys of an inline table of TOML, and not those of tables within it. */
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
