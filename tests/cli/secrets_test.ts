import { assertEquals } from "@std/assert";
import { secretsIn } from "../../src/cli/secrets.ts";
import type { CodexOptions } from "../../src/options/options.ts";

/** Options, the host's variables, and the secrets among them. */
const CASES: readonly [
  what: string,
  options: CodexOptions,
  host: { readonly [name: string]: string },
  secrets: readonly string[],
][] = [
  ["nothing", {}, { HOME: "/home/me", PATH: "/bin" }, []],
  ["apiKey", { apiKey: "k1" }, {}, ["k1"]],
  [
    "the two key variables of the host and of env",
    { env: { CODEX_API_KEY: "own" } },
    { CODEX_API_KEY: "host", OPENAI_API_KEY: "open" },
    ["own", "open", "host"],
  ],
  [
    "variables whose names differ in case, which are the same on Windows",
    {
      env: { openai_api_Key: "own", mine_header: "header", Mine: "mine" },
      config: {
        model_providers: {
          a: { env_key: "MINE", env_http_headers: { "X-A": "MINE_HEADER" } },
        },
      },
    },
    { MINE: "host" },
    ["own", "mine", "host", "header"],
  ],
  [
    "variables of env under names that look secret",
    {
      env: {
        MY_KEY: "a",
        GITHUB_TOKEN: "b",
        some_secret: "c",
        DbPassword: "d",
        PLAIN: "e",
      },
    },
    {},
    ["a", "b", "c", "d"],
  ],
  [
    "the credentials in the URL of the service",
    { baseUrl: "https://me:p%40ss@h.test/v1?sig=abc&v=2" },
    {},
    ["me", "p%40ss", "abc", "2"],
  ],
  [
    "a URL's parts, encoded and decoded",
    { baseUrl: " https://u:a%2Fb<c@h.test/v1?k=x+y&sig=c%2fd&alone#z" },
    {},
    ["u", "a%2Fb<c", "a%2Fb%3Cc", "x+y", "x y", "c%2fd", "c/d", "alone"],
  ],
  [
    "settings under names that look secret, and in the tables for them",
    {
      config: {
        model: "m",
        model_providers: {
          mine: {
            base_url: "http://u:pw@h.test",
            env_key: "MINE_KEY",
            env_key_instructions: "Ask the admin",
            http_headers: { Authorization: "Bearer t" },
            env_http_headers: { "X-A": "HEADER_VARIABLE" },
            query_params: { "api-version": "1" },
            experimental_bearer_token: "bearer",
          },
        },
        mcp_servers: {
          s: {
            command: "run",
            args: ["--a"],
            env: { ANY: "value" },
            bearer_token_env_var: "SERVER_TOKEN",
          },
        },
      },
    },
    { MINE_KEY: "mine", HEADER_VARIABLE: "header", SERVER_TOKEN: "server" },
    [
      "u",
      "pw",
      "mine",
      "Bearer t",
      "header",
      "1",
      "bearer",
      "value",
      "server",
    ],
  ],
  [
    "settings as the caller wrote them",
    {
      configOverrides: [
        'model="m"',
        'model_providers.a.experimental_bearer_token="t1"',
        "model_providers.a.api_key=bare",
        'model_providers.b={http_headers={A="h1"}, env_key="B_KEY"}',
        'base_url="https://u2:p2@h.test"',
        'c.http_headers={"X"="quo\\"ted"}',
      ],
    },
    { B_KEY: "b-key" },
    ["t1", "bare", "h1", "b-key", "u2", "p2", 'quo\\"ted', 'quo"ted'],
  ],
  [
    "the headers of telemetry and the variables of commands",
    {
      config: {
        set: { A: "plain" },
        otel: {
          exporter: { "otlp-http": { endpoint: "e", headers: { A: "h1" } } },
        },
        shell_environment_policy: { inherit: "core", set: { PGPASS: "p1" } },
        "profiles.a.shell_environment_policy.set": { PGPASS: "p2" },
      },
      configOverrides: [
        'otel.exporter={otlp-grpc={headers={A="h2"}}}',
        'shell_environment_policy.set={PGPASS="p3"}',
        'shell_environment_policy={inherit="core2", set={PGPASS="p4"}}',
        "shell_environment_policy.set.PGPASS=p5",
        'notify=["set", "headers", "env"]',
        'set={A="plain"}',
      ],
    },
    {},
    // Everything in an inline table that contains one.
    ["h1", "p1", "p2", "h2", "p3", "core2", "p4", "p5"],
  ],
  [
    "values without quotes in a table for secrets",
    {
      config: { otel: { headers: { PIN: 1 } }, token_limit: 9 },
      extraArgs: ["-c", "mcp_servers.a.env={PIN=2, CODE = 3}"],
      configOverrides: ["mcp_servers={b={env={PIN=4}}}", "model={a=5}"],
    },
    {},
    ["1", "2", "3", "4"],
  ],
  [
    "values that are also in a plain table",
    (() => {
      const shared = { PIN: "pin" };
      return { config: { a: { x: shared, env: shared } } };
    })(),
    {},
    ["pin"],
  ],
];

for (const [what, options, host, secrets] of CASES) {
  Deno.test(`secretsIn finds ${what}`, () => {
    const hostEnv = (name: string): string | undefined => host[name];
    assertEquals(
      secretsIn({ options, hostEnv }).sort(),
      [...secrets].sort(),
    );
  });
}

Deno.test("secretsIn reads a long word without quotes in linear time", () => {
  const word = "x".repeat(1_000_000);
  const quotes = '"'.repeat(100_001);
  const options = {
    configOverrides: [`a=${word}`, word, `a=${quotes}`, `${word}.${word}`],
  };
  assertEquals(secretsIn({ options, hostEnv: () => undefined }), []);
});
