import type { ToolServer } from "./tool_server.ts";

/** Seconds that the CLI waits beyond the limit of a call, so that our own error comes first. */
const MARGIN_SECONDS = 10;

/** The setting that passes the token to the CLI: an environment variable, or a header. */
export type TokenSetting =
  | { readonly bearer_token_env_var: string }
  | { readonly http_headers: { readonly Authorization: string } };

/** The settings of the MCP server that offers a turn's tools. */
export type ServerSettings = TokenSetting & {
  readonly url: string;
  readonly required: true;
  readonly default_tools_approval_mode: "approve";
  readonly supports_parallel_tool_calls: true;
  readonly tool_timeout_sec: number;
};

/**
 * Returns the settings that register the server of a turn's tools with the CLI. The tools
 * are the program's own functions: they need no approval (facts F61), several run at once
 * if the model asks for it (facts F64), and a turn does not begin without them.
 */
export function serverSettings(
  { url, timeoutMs }: Pick<ToolServer, "url" | "timeoutMs">,
  token: TokenSetting,
): ServerSettings {
  return {
    url,
    ...token,
    required: true,
    default_tools_approval_mode: "approve",
    supports_parallel_tool_calls: true,
    tool_timeout_sec: Math.ceil(timeoutMs / 1000) + MARGIN_SECONDS,
  };
}
