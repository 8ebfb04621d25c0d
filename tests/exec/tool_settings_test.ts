import { assertEquals, assertThrows } from "@std/assert";
import { clientSettings } from "../../src/cli/client_settings.ts";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import { toolSettings } from "../../src/exec/tool_settings.ts";
import type { CodexOptions } from "../../src/options/options.ts";

const SERVER = { url: "http://127.0.0.1:1/a", timeoutMs: 1500 };

/** Returns the settings of tools for a client's options. */
function makeSettings(options: CodexOptions): string[] {
  return toolSettings(options, SERVER, clientSettings(options));
}

Deno.test("toolSettings sets the address, approval and timeout of the tools", () => {
  assertEquals(makeSettings({}), [
    'mcp_servers.host.url="http://127.0.0.1:1/a"',
    'mcp_servers.host.bearer_token_env_var="ACODEX_TOOL_TOKEN"',
    "mcp_servers.host.required=true",
    'mcp_servers.host.default_tools_approval_mode="approve"',
    "mcp_servers.host.supports_parallel_tool_calls=true",
    "mcp_servers.host.tool_timeout_sec=12",
  ]);
  for (const toolServerName of ["my-tools", "host", ""]) {
    const name = toolServerName || "host";
    const [url] = makeSettings({ toolServerName });
    assertEquals(url, `mcp_servers.${name}.url="http://127.0.0.1:1/a"`);
  }
});

const OTHER = { command: "true" };

for (
  const [what, options] of [
    ["in config", { config: { mcp_servers: { host: OTHER } } }],
    ["at a path in config", { config: { "mcp_servers.host": OTHER } }],
    ["at the path of a setting of it", {
      config: { "mcp_servers.host.command": "true" },
    }],
    ["beside one whose name needs quotes", {
      config: { mcp_servers: { "my.srv": OTHER, host: OTHER } },
    }],
    ["in an override", { configOverrides: ['mcp_servers.host.url="x"'] }],
    ["in a table of an override", {
      configOverrides: ['mcp_servers = { a = {}, "host" = { url = "x" } }'],
    }],
    ["in a table, in single quotes", {
      configOverrides: ["mcp_servers={ 'host'.url='x' }"],
    }],
  ] as [string, CodexOptions][]
) {
  Deno.test(`toolSettings rejects a server of the same name ${what}`, () => {
    const error = assertThrows(
      () => makeSettings(options),
      CodexInputError,
      'The MCP server "host"',
    );
    assertEquals(error.path, "toolServerName");
    makeSettings({ ...options, toolServerName: "other" });
  });
}

for (
  const [what, options] of [
    ["with another name", {
      config: { mcp_servers: { hosts: OTHER, "host.a": OTHER } },
    }],
    ["that has a setting of the name", {
      config: {
        mcp_servers: {
          "my.srv": { env: { host: "db" }, args: ["{ host = 1"] },
        },
      },
    }],
    ["that is set by a path", {
      configOverrides: ["mcp_servers={ a.host = 'x', b = [{ host = 1 }] }"],
    }],
    ["of another table", { config: { other: { host: OTHER } } }],
  ] as [string, CodexOptions][]
) {
  Deno.test(`toolSettings accepts a server ${what}`, () => {
    assertEquals(makeSettings(options).length, 6);
  });
}
