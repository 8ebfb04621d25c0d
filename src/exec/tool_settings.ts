import { toTomlValue } from "../cli/config_overrides.ts";
import { toolServerName } from "../cli/tool_server_name.ts";
import type { CodexOptions } from "../options/options.ts";
import { serverSettings } from "../tools/server_settings.ts";
import type { ToolServer } from "../tools/tool_server.ts";

/** The environment variable of the CLI that contains the token of a turn's tools. */
export const TOOL_TOKEN = "ACODEX_TOOL_TOKEN";

/**
 * Returns the settings that tell the CLI about the server of a turn's tools.
 *
 * @param settings The client's settings, which are sent before these.
 * @throws {CodexInputError} If the settings have a server of that name.
 */
export function toolSettings(
  options: CodexOptions,
  server: Pick<ToolServer, "url" | "timeoutMs">,
  settings: readonly string[],
): string[] {
  const name = toolServerName(options, settings);
  const own = serverSettings(server, { bearer_token_env_var: TOOL_TOKEN });
  return Object.entries(own).map(([key, value]) =>
    `mcp_servers.${name}.${key}=${toTomlValue(value, key)}`
  );
}
