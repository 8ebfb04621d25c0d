/** Tests what the doctor reads from settings, logins and variables. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { readLogin } from "../../src/doctor/login.ts";
import {
  approvingSetting,
  listMcpServers,
} from "../../src/doctor/mcp_servers.ts";
import { readArguments } from "../../src/doctor/program.ts";
import { listProxies } from "../../src/doctor/proxies.ts";
import { mergeSettings } from "../../src/doctor/settings.ts";
import { readToml } from "../../src/doctor/toml.ts";
import type { CodexOptions } from "../../mod.ts";

Deno.test("settings of the client override those of files, and tables are merged", () => {
  const file = readToml(`sandbox_mode = "read-only"
[mcp_servers.a]
command = "x"
enabled = true`);
  const merged = mergeSettings([file], {
    config: {
      "mcp_servers.a.enabled": false,
      mcp_servers: { b: { command: "y" } },
    },
    configOverrides: [
      'sandbox_mode="danger-full-access"',
      "model=gpt-bare",
      'mcp_servers.c={command="z"}',
    ],
  });
  assertEquals(JSON.parse(JSON.stringify(merged)), {
    sandbox_mode: "danger-full-access",
    model: "gpt-bare",
    mcp_servers: {
      a: { command: "x", enabled: false },
      b: { command: "y" },
      c: { command: "z" },
    },
  });
});

// Facts F60, F61.
Deno.test("MCP tools that need approval are rejected, because nobody can approve them", () => {
  const settings = readToml(`[mcp_servers.a]
command = "x"
[mcp_servers.a.tools.t]
approval_mode = "approve"
[mcp_servers.b]
default_tools_approval_mode = "approve"
[mcp_servers.c]
enabled = false
[mcp_servers."d.e"]
default_tools_approval_mode = "prompt"`);
  const refused = (thread = {}, more = settings): string[] =>
    listMcpServers(more, thread).filter((each) => each.toolsRejected)
      .map(({ name }) => name);
  assertEquals(refused(), ["a", "d.e"]);
  assertEquals(refused({ sandboxMode: "workspace-write" }), ["a", "d.e"]);
  assertEquals(refused({ sandboxMode: "danger-full-access" }), []);
  assertEquals(refused({ dangerouslyBypassApprovalsAndSandbox: true }), []);
  const open = mergeSettings([settings], {
    config: { sandbox_mode: "danger-full-access" },
  });
  assertEquals(refused({}, open), []);
  assertEquals(refused({ sandboxMode: "read-only" }, open), ["a", "d.e"]);
  const [a, , , d] = listMcpServers(settings, {});
  assertEquals(a?.approvedTools, ["t"]);
  assertEquals(
    d && approvingSetting(d),
    'mcp_servers."d.e".default_tools_approval_mode = "approve"',
  );
});

/** Reads a login, with a list of set variables. */
function login(
  auth: unknown,
  set: readonly string[] = [],
  toml = "",
  options: CodexOptions = {},
) {
  const { login, problem } = readLogin({
    command: "codex",
    options,
    auth,
    settings: readToml(toml),
    isSet: (name) => set.includes(name),
  });
  return { ...login, fails: problem?.fails ?? false, problem };
}

const PROVIDER = `model_provider = "p"
[model_providers.p]
base_url = "http://h"
`;

Deno.test("a login or a key is reported by its kind, never by its content", () => {
  assertEquals(login(undefined).fails, true);
  assertEquals(login({}).fails, true);
  assertEquals(login({ tokens: { id_token: "x" } }).login, "chatgpt");
  assertEquals(login({ OPENAI_API_KEY: "sk" }).login, "api_key");
  assertEquals(login({ OPENAI_API_KEY: null }).login, "unknown");
  for (const auth of [null, 1, "x", [], { other: 1 }]) {
    assertEquals(login(auth).login, "unknown");
    assertEquals(login(auth).fails, false);
  }
  assertEquals(login(undefined, ["CODEX_API_KEY"]).key, "CODEX_API_KEY");
  assertEquals(login(undefined, ["CODEX_ACCESS_TOKEN"]).fails, false);
  assertEquals(login(undefined, [], "", { apiKey: () => "x" }).key, "apiKey");
  const hidden = login(undefined, ["OPENAI_API_KEY"]);
  assertEquals(hidden.fails, true);
  assertStringIncludes(hidden.problem?.message ?? "", "OPENAI_API_KEY");
  const elsewhere = login(
    undefined,
    [],
    'cli_auth_credentials_store = "keyring"',
  );
  assertEquals([elsewhere.login, elsewhere.fails], ["unknown", false]);
});

Deno.test("a provider has its own key or needs no login", () => {
  const keyed = `${PROVIDER}env_key = "MY_KEY"`;
  assertEquals(login(undefined, [], keyed).fails, true);
  assertEquals(login(undefined, [], keyed).problem?.fix, "export MY_KEY=…");
  assertEquals(login(undefined, ["CODEX_API_KEY"], keyed).fails, true);
  assertEquals(login(undefined, ["MY_KEY"], keyed).key, "MY_KEY");
  assertEquals(login(undefined, [], PROVIDER).fails, false);
  const asked = `${PROVIDER}requires_openai_auth = true`;
  assertEquals(login(undefined, [], asked).fails, true);
  assertEquals(login(undefined, [], "", { oss: true }).fails, false);
});

for (
  const key of [
    "sk-proj-MYVERYSECRETKEY1234567890",
    "gho_0123456789abcdefABCDEF0123456789",
    "0123456789abcdef",
    "A".repeat(65),
    "my_key",
    "MY_KEY\n",
    " ",
  ]
) {
  Deno.test(`a key in place of its variable's name is not shown: ${JSON.stringify(key)}`, () => {
    const toml = `${PROVIDER}env_key = ${JSON.stringify(key)}`;
    const missing = login(undefined, [], toml);
    assertEquals([missing.key, missing.fails], [null, true]);
    assertEquals(
      missing.problem?.message,
      "No key found: env_key of the provider p must be the name of a variable, and its value cannot be one",
    );
    assertEquals(
      missing.problem?.fix,
      'env_key = "MY_KEY", and: export MY_KEY=…',
    );
    const set = login(undefined, [key], toml);
    assertEquals([set.key, set.fails], ["env_key", false]);
  });
}

Deno.test("a proxy is reported without its user and password", () => {
  const variables: { readonly [name: string]: string } = {
    HTTP_PROXY: "http://bob:pw@proxy:3128/path?token=x#y",
    https_proxy: "bob:pw@proxy:3129",
    ALL_PROXY: "::not a URL::",
    NO_PROXY: "localhost,127.0.0.1",
    no_proxy: "localhost,127.0.0.1",
    http_proxy: "",
  };
  assertEquals(listProxies((name) => variables[name]), [
    { variable: "HTTP_PROXY", value: "http://proxy:3128" },
    { variable: "https_proxy", value: "proxy:3129" },
    { variable: "ALL_PROXY", value: "(no URL)" },
    { variable: "NO_PROXY", value: "localhost,127.0.0.1" },
  ]);
});

for (const key of ["sk-s3cr3t==", "sk-s3cr3t\\u0000", ""]) {
  Deno.test(`a name that no variable can have is not looked up: "${key}"`, () => {
    const { login, problem } = readLogin({
      command: "codex",
      options: {},
      auth: undefined,
      settings: readToml(`${PROVIDER}env_key = "${key}"`),
      isSet: (name) => Boolean(Deno.env.get(name)),
    });
    assertEquals(login.key, null);
    assertStringIncludes(problem?.message ?? "", "env_key of the provider p");
  });
}

for (
  const url of [
    "http://alice:12#tail@proxy:8080",
    "http://bob:1234/ss@proxy:8080",
    "http://bob:1234?ss@proxy:8080",
    "http://bob:1234\\ss@proxy:8080",
    "http://bob:12@34/ss@proxy:8080",
    "http:///bob:1234@proxy:8080",
    "bob:99/pw@proxy:80",
    "socks5://bob:99#pw@proxy:80",
    "socks5://bob#@proxy",
  ]
) {
  Deno.test(`a proxy is not shown if it may contain a password: ${url}`, () => {
    const read = (name: string) => name === "ALL_PROXY" ? url : undefined;
    assertEquals(listProxies(read), [
      { variable: "ALL_PROXY", value: "(no URL)" },
    ]);
  });
}

Deno.test("the program reads its arguments", () => {
  assertEquals(readArguments([], false), "text");
  assertEquals(readArguments(["--json"], false), "json");
  assertEquals(readArguments(["doctor", "--json"], false), "json");
  assertEquals(readArguments(["-h"], false), "help");
  assertEquals(readArguments([], true), "help");
  assertEquals(readArguments(["doctor"], true), "text");
  assertEquals(readArguments(["doctor", "--json"], true), "json");
  assertEquals(readArguments(["doctor", "--help"], true), "help");
  assertEquals(readArguments(["--json"], true), { unknown: "--json" });
  assertEquals(readArguments(["docter"], true), { unknown: "docter" });
  assertEquals(readArguments(["doctor", "-x"], true), { unknown: "-x" });
  assertEquals(readArguments(["x"], false), { unknown: "x" });
});
