/**
 * Checks that the keys for which `config` has types are settings of the real CLI. With
 * `strictConfig`, it exits on an unknown one.
 */
import { assertEquals } from "@std/assert";
import type {
  CodexConfig,
  CodexConfigObject,
  CodexMcpServer,
  CodexModelProvider,
  CodexShellEnvironmentPolicy,
  CodexWorkspaceWrite,
} from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";

/** The keys of a table that have their own type. */
type Typed<T> = Required<
  {
    [K in keyof T as string extends K ? never : number extends K ? never : K]:
      T[K];
  }
>;

const PROGRAM: Omit<
  Typed<CodexMcpServer>,
  "url" | "bearer_token_env_var" | "http_headers" | "env_http_headers"
> = {
  command: "true",
  args: ["-v"],
  env: { A: "1" },
  env_vars: ["HOME"],
  cwd: "/",
  // Starts no server.
  enabled: false,
  required: false,
  startup_timeout_sec: 1,
  tool_timeout_sec: 1,
  enabled_tools: ["a"],
  disabled_tools: ["b"],
  default_tools_approval_mode: "approve",
  tools: { add: { approval_mode: "approve" } },
};

const ADDRESS: CodexMcpServer = {
  enabled: false,
  url: "http://127.0.0.1:1/",
  bearer_token_env_var: "TOKEN",
  http_headers: { "X-A": "1" },
  env_http_headers: { "X-B": "HOME" },
};

const PROVIDER: Typed<CodexModelProvider> = {
  name: "Unused",
  base_url: "http://127.0.0.1:1/v1",
  wire_api: "responses",
  env_key: "NO_KEY",
  query_params: { a: "1" },
  http_headers: { "X-A": "1" },
  env_http_headers: { "X-B": "HOME" },
  request_max_retries: 0,
  stream_max_retries: 0,
  stream_idle_timeout_ms: 1000,
  requires_openai_auth: false,
  supports_websockets: false,
};

const WRITE: Typed<CodexWorkspaceWrite> = {
  writable_roots: ["/var/tmp"],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};

const SHELL: Typed<CodexShellEnvironmentPolicy> = {
  inherit: "core",
  ignore_default_excludes: false,
  exclude: ["A_*"],
  include_only: ["*"],
  set: { A: "1" },
};

/** Every key that has a type. A new one does not compile until it is added here. */
const CONFIG: Omit<
  Typed<CodexConfig>,
  "model_provider" | "model_instructions_file"
> = {
  model: "gpt-test",
  model_providers: { unused: PROVIDER },
  model_reasoning_effort: "low",
  model_reasoning_summary: "concise",
  model_verbosity: "low",
  model_context_window: 100_000,
  developer_instructions: "Say cheese",
  approval_policy: "never",
  sandbox_mode: "read-only",
  sandbox_workspace_write: WRITE,
  shell_environment_policy: SHELL,
  mcp_servers: { program: PROGRAM, address: ADDRESS },
  features: { multi_agent: true },
};

Deno.test("every key for which config has a type is a setting of the real CLI", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  const file = `${real.home}/words.md`;
  await Deno.writeTextFile(file, "Be brief");
  const { model_providers, features, ...own } = real.model.config;
  const config: CodexConfigObject = {
    ...own,
    ...CONFIG,
    model_instructions_file: file,
    model_providers: { ...model_providers, ...CONFIG.model_providers },
    features: { ...features, ...CONFIG.features },
  };
  const turn = await real.client({ config, strictConfig: true })
    .startThread({ ...real.inRepo, sandboxMode: undefined }).run("Hi");
  assertEquals(turn.finalResponse, "ok");
  const [request] = real.model.requests;
  assertEquals(request?.model, "gpt-test");
  assertEquals(request?.text.includes("Say cheese"), true);
});
