import type { ToolServer } from "./tool_server.ts";

/** The time that the CLI waits longer than a call may take, in s: this side says first what is wrong. */
const MARGIN_SECONDS = 10;

/** The way in which the CLI learns the token: by a variable of its environment, or in a header. */
export type TokenSetting =
  | { readonly bearer_token_env_var: string }
  | { readonly http_headers: { readonly Authorization: string } };

/** The settings of an MCP server that is a turn's tools. */
export type ServerSettings = TokenSetting & {
  readonly url: string;
  readonly required: true;
  readonly default_tools_approval_mode: "approve";
  readonly supports_parallel_tool_calls: true;
  readonly tool_timeout_sec: number;
};

/**
 * Gives the settings that make the CLI know the server of a turn's tools. They are the
 * program's own functions: they need no approval (facts F61), several run at once where
 * the model asks for it (facts F64), and a turn without them does not begin.
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
