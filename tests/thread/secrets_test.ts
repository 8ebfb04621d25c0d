/**
 * Secrets that were passed to the CLI, in all of its output: they appear in no error,
 * warning or diagnostic.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Codex,
  CodexConfigError,
  type CodexConfigObject,
  type CodexOptions,
  CodexTurnError,
} from "../../mod.ts";
import { modelAnswer, modelHttpError, modelMessage } from "../../testing.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { realCodex } from "../support/real_codex.ts";
import { BEGIN } from "./support.ts";

/** Secrets, keyed by the option that holds them. */
const SECRETS: { readonly [where: string]: [secret: string, CodexOptions] } = {
  apiKey: ["sk-api-0123456789", { apiKey: "sk-api-0123456789" }],
  "a longer key that begins with the first": [
    "sk-api-0123456789-longer",
    {
      apiKey: "sk-api-0123456789-longer",
      env: { FIRST_KEY: "sk-api-0123456789", PATH: "/usr/bin:/bin" },
    },
  ],
  CODEX_API_KEY: [
    "sk-codex-23456789",
    { env: { CODEX_API_KEY: "sk-codex-23456789", PATH: "/usr/bin:/bin" } },
  ],
  OPENAI_API_KEY: [
    "sk-openai-3456789",
    { env: { OPENAI_API_KEY: "sk-openai-3456789", PATH: "/usr/bin:/bin" } },
  ],
  "a variable of env": [
    "ghp_456789abcdef",
    { env: { GITHUB_TOKEN: "ghp_456789abcdef", PATH: "/usr/bin:/bin" } },
  ],
  "the password of baseUrl": [
    "pass-56789abcd",
    { baseUrl: "https://me:pass-56789abcd@host.test/v1" },
  ],
  "a password of config's URL": [
    "p%40ss-6789abcde",
    {
      config: {
        model_providers: { m: { base_url: "http://u:p%40ss-6789abcde@h" } },
      },
    },
  ],
  "the query of config's URL": [
    "sig-789abcdef0",
    { config: { a: "https://h.test/v1?sig=sig-789abcdef0" } },
  ],
  "a header": [
    "header-89abcdef",
    {
      config: {
        model_providers: {
          m: { http_headers: { Authorization: "Bearer header-89abcdef" } },
        },
      },
    },
  ],
  "a server's environment": [
    "server-9abcdef01",
    { config: { mcp_servers: { s: { env: { ANY: "server-9abcdef01" } } } } },
  ],
  "query_params": [
    "query-abcdef012",
    {
      config: {
        model_providers: { m: { query_params: { v: "query-abcdef012" } } },
      },
    },
  ],
  "configOverrides": [
    "override-bcdef012",
    { configOverrides: ['x.my_secret="override-bcdef012"'] },
  ],
  "a setting among the caller's own flags": [
    "extra-cdef01234",
    { extraArgs: ["-c", 'x.my_token="extra-cdef01234"'] },
  ],
  "a setting in the same argument as its flag": [
    "extra-def012345",
    { extraArgs: ['--config=x.my_token="extra-def012345"'] },
  ],
  "one of the caller's own flags": [
    "extra-ef0123456",
    { extraArgs: ["--new-token", "extra-ef0123456"] },
  ],
  "a URL among the caller's own flags": [
    "extra-f01234567",
    { extraArgs: ["--new", "https://me:extra-f01234567@host.test/"] },
  ],
};

const json = JSON.stringify;
const COMPLETED =
  '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}';

/** The CLI's stdout and stderr with a secret in it, and its exit code. */
const SINKS: {
  readonly [sink: string]: (secret: string) => {
    stdout?: readonly string[];
    stderr?: string;
    exitCode?: number;
    strict?: boolean;
  };
} = {
  "turn.failed": (secret) => ({
    stdout: [
      json({ type: "turn.failed", error: { message: `no: ${secret}` } }),
    ],
    exitCode: 1,
  }),
  "an invalid thread id": (secret) => ({
    stdout: [json({ type: "thread.started", thread_id: secret })],
  }),
  "an error event": (secret) => ({
    stdout: [json({ type: "error", message: `unexpected ${secret}!` })],
    exitCode: 1,
  }),
  "an error event of a turn that completes": (secret) => ({
    stdout: [json({ type: "error", message: secret }), COMPLETED],
  }),
  "an error item": (secret) => ({
    stdout: [
      json({
        type: "item.completed",
        item: { id: "a", type: "error", message: `x${secret}y` },
      }),
      COMPLETED,
    ],
  }),
  "noise": (secret) => ({ stdout: [`warning: ${secret}`, COMPLETED] }),
  "noise that is cut in the middle of the secret": (secret) => ({
    stdout: [
      `${"x".repeat(1024 - Math.floor(secret.length / 2))}${secret}`,
      COMPLETED,
    ],
  }),
  "an unknown event's type": (secret) => ({
    stdout: [json({ type: `new.${secret}` }), COMPLETED],
  }),
  "an unknown event's type in strict mode": (secret) => ({
    stdout: [json({ type: `new.${secret}` }), COMPLETED],
    strict: true,
  }),
  "the key of an invalid value": (secret) => ({
    stdout: [
      json({
        type: "item.completed",
        item: {
          id: "a",
          type: "collab_tool_call",
          tool: "t",
          sender_thread_id: "s",
          receiver_thread_ids: [],
          agents_states: { [secret]: 1 },
          status: "completed",
        },
      }),
      COMPLETED,
    ],
  }),
  "a line that does not parse": (secret) => ({ stdout: [`{"${secret}`] }),
  "a line whose parse error quotes it": (secret) => ({
    stdout: [`{"a": ${secret}}`],
  }),
  "stderr": (secret) => ({ stderr: `fatal: ${secret} is bad`, exitCode: 2 }),
  "stderr that is cut in the middle of the secret": (secret) => ({
    stderr: `${secret}${"y".repeat(64 * 1024 - Math.floor(secret.length / 2))}`,
    exitCode: 2,
  }),
  "a URL of the service": (secret) => ({
    stdout: [
      json({
        type: "turn.failed",
        error: { message: `401, url: https://me:${secret}@h.test/v1` },
      }),
    ],
    exitCode: 1,
  }),
};

/** Returns everything that can be seen of a turn's outcome. */
function seen(outcome: unknown): string {
  const parts: unknown[] = [];
  for (
    let at = outcome, depth = 0;
    at !== undefined && depth < 9;
    at = Object(at).cause, depth += 1
  ) {
    const { message, stack, warnings, diagnostics, stderr, argv, path } =
      Object(at);
    parts.push(message, stack, warnings, diagnostics, stderr, argv, path);
    parts.push(Deno.inspect(at, { depth: 9 }), String(at));
    if (at instanceof Error) parts.push(json(at), json({ ...at }));
  }
  return parts.map((part) => typeof part === "string" ? part : json(part))
    .join("\n");
}

for (const [sink, saying] of Object.entries(SINKS)) {
  Deno.test(`The outcome of a turn reveals no secret in ${sink}`, async () => {
    for (const [where, [secret, options]] of Object.entries(SECRETS)) {
      const { stdout = [], stderr = "", exitCode = 0, strict } = saying(secret);
      await using fake = await fakeCodex(
        `cat > /dev/null
cat "$FAKE_HOME/stdout"
cat "$FAKE_HOME/stderr" >&2
exit ${exitCode}`,
      );
      const lines = [...BEGIN, ...stdout].map((line) => `${line}\n`).join("");
      await Deno.writeTextFile(`${fake.folder}/stdout`, lines);
      await Deno.writeTextFile(`${fake.folder}/stderr`, stderr);
      const outcome: unknown = await new Codex({
        ...options,
        codexPathOverride: fake.path,
        strictEvents: strict,
      }).startThread().run("Hi").catch((error) => error);
      assertEquals(
        outcome instanceof Error,
        !stdout.includes(COMPLETED) || strict === true,
      );
      // Neither the secret nor a part of it that a cut left over.
      const text = outcome instanceof Error ? seen(outcome) : json([
        Object(outcome).warnings,
        Object(outcome).diagnostics,
      ]);
      for (const part of [secret, secret.slice(0, 7), secret.slice(-7)]) {
        assert(!text.includes(part), `${where}: "${part}" is in: ${text}`);
      }
    }
  });
}

Deno.test("Events are delivered unchanged, including secrets", async () => {
  const secret = "sk-api-0123456789";
  await using fake = await fakeCodex(
    `cat > /dev/null; printf '%s\\n' '${
      BEGIN.join("' '")
    }' '{"type":"error","message":"${secret}"}' '${COMPLETED}'`,
  );
  const codex = new Codex({ apiKey: secret, codexPathOverride: fake.path });
  const streamed = await codex.startThread().runStreamed("Hi");
  const messages: string[] = [];
  for await (const event of streamed.events) {
    if (event.type === "error") messages.push(event.message);
  }
  assertEquals(messages, [secret]);
  assertEquals(streamed.result.warnings, ["[redacted]"]);
});

Deno.test("The error of an executable that cannot be started shows no argument and no variable", async () => {
  const options: CodexOptions = {
    codexPathOverride: "/etc/passwd",
    config: { model_providers: { m: { api_key: "config-0123456789" } } },
    env: { SOME_TOKEN: "env-0123456789" },
  };
  const error = await new Codex(options).startThread().run("Hi")
    .catch((error) => error);
  assert(error instanceof CodexTurnError);
  assert(!/config-0123|env-0123/.test(seen(error)));
});

// Facts F39.
Deno.test("The error of the real CLI for a rejected key reveals no secret", async () => {
  const password = "provider-password-1";
  const query = "query-secret-0123";
  const key = "sk-real-0123456789";
  await using real = await realCodex([
    modelHttpError(401, { error: { message: `Incorrect API key: ${key}` } }),
    modelAnswer(modelMessage("unused")),
  ]);
  const { mock } = real.model.config.model_providers;
  const base_url = mock.base_url.replace("//", `//me:${password}@`);
  const query_params = { sig: query };
  const config = {
    ...real.model.config,
    model_providers: { mock: { ...mock, base_url, query_params } },
  };
  const error = await real.client({ config, apiKey: key })
    .startThread(real.inRepo).run("Hi").catch((error) => error);
  assert(error instanceof CodexTurnError, String(error));
  assert(/401/.test(error.message), error.message);
  const text = seen(error);
  for (const secret of [password, query, key]) {
    assert(!text.includes(secret), text);
  }
});

Deno.test("A config that cannot be sent is rejected, although it is also searched for secrets", async () => {
  const cyclic: CodexConfigObject = { my_key: "value-0123456789" };
  cyclic.again = cyclic;
  let deep: CodexConfigObject = { x: 1 };
  for (let level = 0; level < 20_000; level += 1) deep = { a: deep };
  for (const config of [cyclic, deep]) {
    const codex = new Codex({ config, codexPathOverride: "/bin/true" });
    await assertRejects(
      () => codex.startThread().run("Hi"),
      CodexConfigError,
    );
  }
});

Deno.test("A turn's secrets are redacted even if another turn has begun with other secrets", async () => {
  await using fake = await fakeCodex(
    `cat > /dev/null
    printf '%s\\n' '${BEGIN[0]}'
    if [ "$MY_KEY" = sk-second-0123456789 ]; then exit 3; fi
    until [ -e "$FAKE_HOME/go" ]; do sleep 0.01; done
    printf '%s\\n' "{\\"type\\":\\"error\\",\\"message\\":\\"bad key $MY_KEY\\"}"
    exit 1`,
  );
  const env: { [name: string]: string | undefined } = {
    MY_KEY: "sk-first-0123456789",
    PATH: Deno.env.get("PATH"),
  };
  const codex = new Codex({ codexPathOverride: fake.path, env });
  const first = await codex.startThread().runStreamed("Hi");
  await first.events.next();
  env.MY_KEY = "sk-second-0123456789";
  await assertRejects(() => codex.startThread().run("Hi"), CodexTurnError);
  await Deno.writeTextFile(`${fake.folder}/go`, "");
  const error = await assertRejects(async () => {
    for await (const _ of first.events);
  }, CodexTurnError);
  assertEquals(error.message, "codex exited with code 1: bad key [redacted]");
  assertEquals(error.warnings, ["bad key [redacted]"]);
});
