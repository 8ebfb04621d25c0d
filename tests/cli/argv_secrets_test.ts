import { assertEquals } from "@std/assert";
import { argvSecretWarnings } from "../../src/cli/argv_secrets.ts";
import type { CodexOptions } from "../../mod.ts";

/** Returns the paths that the warnings name, and what each suggests instead. */
function warned(options: CodexOptions): string[][] {
  return argvSecretWarnings(options).map((text) => {
    const [, path = "", instead = ""] =
      /^The values of "(.*?)" are visible in the process list .*: (.*) instead$/
        .exec(text) ??
        [];
    return [path, instead.replace(/^name variables with /, "")];
  });
}

Deno.test("argvSecretWarnings names settings whose values are usually secrets", () => {
  const secret = "s3cret";
  const config = {
    model: "m",
    mcp_servers: {
      a: { command: "x", env: { KEY: secret }, env_vars: ["KEY"] },
      b: { url: "http://x", http_headers: { Authorization: secret } },
      c: { url: "http://x", bearer_token: secret },
      d: { command: "x", env: {} },
    },
    model_providers: {
      p: { http_headers: { A: secret }, experimental_bearer_token: secret },
    },
  };
  assertEquals(warned({ config }), [
    ["mcp_servers.a.env", "env_vars"],
    ["mcp_servers.b.http_headers", "env_http_headers"],
    ["mcp_servers.c.bearer_token", "bearer_token_env_var"],
    ["model_providers.p.http_headers", "env_http_headers"],
    ["model_providers.p.experimental_bearer_token", "bearer_token_env_var"],
  ]);
  assertEquals(argvSecretWarnings({ config }).join().includes(secret), false);
});

Deno.test("argvSecretWarnings also reads raw settings and dotted keys, and names each path once", () => {
  assertEquals(
    warned({
      config: { "mcp_servers.a.env": { KEY: "x" } },
      configOverrides: [
        'mcp_servers.a.env={KEY="y"}',
        'model_providers.p.http_headers = {A="x"}',
        'model="mcp_servers.b.env=1"',
        "mcp_servers.c.env.PIN=1",
      ],
      extraArgs: ["-c", "mcp_servers.d.env={PIN=1}", "--color", "never"],
    }),
    [
      ["mcp_servers.a.env", "env_vars"],
      ["model_providers.p.http_headers", "env_http_headers"],
      ["mcp_servers.c.env", "env_vars"],
      ["mcp_servers.d.env", "env_vars"],
    ],
  );
});

Deno.test("argvSecretWarnings names variables of commands, and headers of telemetry", () => {
  const commands = "set them in the option env, which commands inherit,";
  const telemetry = "keep them in a config.toml of the CLI";
  assertEquals(
    warned({
      config: {
        shell_environment_policy: { inherit: "all", set: { A: "x" } },
        otel: { exporter: { "otlp-http": { headers: { A: "x" } } } },
      },
      configOverrides: [
        'profiles.p.shell_environment_policy.set={A="x"}',
        'otel.trace_exporter.otlp-grpc.headers.A="x"',
      ],
    }),
    [
      ["shell_environment_policy.set", commands],
      ["otel.exporter.otlp-http.headers", telemetry],
      ["profiles.p.shell_environment_policy.set", commands],
      ["otel.trace_exporter.otlp-grpc.headers", telemetry],
    ],
  );
  assertEquals(warned({ config: { set: { A: "x" } } }), []);
});

Deno.test("argvSecretWarnings accepts settings that name variables", () => {
  const server = { env_vars: ["A"], bearer_token_env_var: "B" };
  const config = {
    mcp_servers: { a: server },
    env: { A: "not of a server" },
    env_http_headers: { Authorization: "TOKEN" },
  };
  assertEquals(warned({ config }), []);
  assertEquals(warned({}), []);
});
