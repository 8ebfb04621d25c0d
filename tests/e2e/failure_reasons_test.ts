import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  Codex,
  CodexExecError,
  type CodexOptions,
  CodexThreadRunError,
  CodexTimeoutError,
  CodexTurnError,
  type FailureReason,
  type Thread,
  type TurnOptions,
} from "../../mod.ts";
import { CodexAppServer } from "../../app_server.ts";
import {
  modelAnswer,
  modelDrop,
  modelEvents,
  modelFailure as failed,
  modelHttpError as http,
  modelMessage,
  type ModelReply,
  ScriptedModel,
} from "../../testing.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import { assertNothingRuns, OPEN, realCodex } from "../support/real_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A failure of the service, the CLI's message, and the reason that is read from it. */
interface Failure {
  readonly reply: ModelReply;
  /** The CLI's message, the same on both transports. */
  readonly says: RegExp;
  readonly reason: FailureReason;
  /** The reason over `codex exec`, if it reports less than the server. */
  readonly overExec?: FailureReason;
  readonly httpStatus?: number;
  readonly serviceCode?: string;
}

const error = (fields: object): object => ({ error: fields });
const HTML = "<html><body><h1>Nothing here</h1></body></html>";

/** Builds a response whose status the CLI reports in its own message. */
function told(
  status: number,
  name: string,
  reason: FailureReason,
  body: unknown = error({ message: "No luck" }),
): Failure {
  return {
    reply: http(status, body),
    says: new RegExp(`^unexpected status ${status} ${name}: .*, url: http`),
    reason,
    httpStatus: status,
  };
}

const HIGH_DEMAND = /^We’re currently experiencing high demand/;
const AT_CAPACITY = /^Selected model is at capacity/;
const TOO_MANY = /^exceeded retry limit, last status: 429 Too Many Requests$/;
const NO_ROOM = /^Codex ran out of room in the model's context window/;
const LIMIT = /^You’ve hit your usage limit/;
const QUOTA = /^Quota exceeded\. Check your plan and billing details\.$/;
const BROKEN = /^stream disconnected before completion: /;

/** The service's error responses (facts F46). */
const FAILURES: { readonly [name: string]: Failure } = {
  "400": {
    reply: http(400, error({ message: "No luck", type: "invalid_request" })),
    says: /^No luck$/,
    reason: "bad_request",
    httpStatus: 400,
    serviceCode: "invalid_request",
  },
  "400 with a body that is not JSON": {
    reply: http(400, HTML),
    says: /^<html>/,
    reason: "other",
  },
  "400 with an empty body": {
    reply: http(400, ""),
    says: /turn failed/i,
    reason: "other",
  },
  "400 in the service's other form": {
    reply: http(400, { detail: "No luck" }),
    says: /^No luck$/,
    reason: "bad_request",
    httpStatus: 400,
  },
  "400 for a schema": {
    reply: http(
      400,
      error({
        message: "Invalid schema",
        type: "invalid_request_error",
        param: "text.format.schema",
        code: "invalid_json_schema",
      }),
    ),
    says: /^Invalid schema$/,
    reason: "invalid_schema",
    httpStatus: 400,
    serviceCode: "invalid_json_schema",
  },
  "400 for a context that is too long": {
    reply: http(
      400,
      error({ message: "Too long", code: "context_length_exceeded" }),
    ),
    says: NO_ROOM,
    reason: "context_window",
  },
  "400 for a model that a ChatGPT account lacks": {
    reply: http(400, {
      detail:
        "The 'gpt-x' model is not supported when using Codex with a ChatGPT account.",
    }),
    says: /^The 'gpt-x' model is not supported/,
    reason: "model_not_found",
    httpStatus: 400,
  },
  "400 for a risk": {
    reply: http(400, error({ message: "Flagged", code: "cyber_policy" })),
    says: /^Flagged$/,
    reason: "cyber_policy",
    overExec: "other",
  },
  "401": {
    ...told(401, "Unauthorized", "unauthorized"),
    says:
      /^unexpected status 401 Unauthorized: No luck, url: .*; run codex login, or give apiKey$/,
  },
  "401 with a body that is not JSON": told(
    401,
    "Unauthorized",
    "unauthorized",
    HTML,
  ),
  "401 with an empty body": told(401, "Unauthorized", "unauthorized", ""),
  "401 with a code": {
    ...told(401, "Unauthorized", "unauthorized"),
    reply: http(401, error({ message: "No luck" }), {
      "x-error-json": btoa('{"error":{"code":"token_expired"}}'),
    }),
    serviceCode: "token_expired",
  },
  "402": told(402, "Payment Required", "usage_limit"),
  "402 for a workspace": {
    ...told(402, "Payment Required", "forbidden", {
      detail: { code: "deactivated_workspace" },
    }),
    serviceCode: "deactivated_workspace",
  },
  "403": told(403, "Forbidden", "forbidden"),
  "403 for a quota": {
    ...told(
      403,
      "Forbidden",
      "usage_limit",
      error({ code: "insufficient_quota" }),
    ),
    serviceCode: "insufficient_quota",
  },
  "403 of a proxy": {
    reply: http(403, "<html>Cloudflare: you are blocked</html>"),
    says:
      /^Access blocked by Cloudflare\..*\(status 403 Forbidden\), url: http/,
    reason: "forbidden",
    httpStatus: 403,
  },
  "404": told(404, "Not Found", "other"),
  "404 for a model": {
    reply: http(
      404,
      error({
        message: "The model `gpt-x` does not exist or you do not have access.",
        code: "model_not_found",
      }),
    ),
    says: /^The model `gpt-x` does not exist/,
    reason: "model_not_found",
  },
  "404 for a model, in another message": {
    reply: http(404, error({ message: "Never", code: "model_not_found" })),
    says: /^Never$/,
    reason: "model_not_found",
    overExec: "other",
  },
  "404 for a model, without a message": {
    reply: http(404, error({ code: "model_not_found" })),
    says: /^model_not_found$/,
    reason: "model_not_found",
  },
  "408": told(408, "Request Timeout", "disconnected"),
  "409": told(409, "Conflict", "other"),
  "413": told(413, "Payload Too Large", "bad_request", HTML),
  "422": told(422, "Unprocessable Entity", "bad_request"),
  "429": {
    reply: http(429, error({ message: "Wait", code: "rate_limit_exceeded" })),
    says: TOO_MANY,
    reason: "rate_limit",
    httpStatus: 429,
  },
  "429 with an empty body": {
    reply: http(429, ""),
    says: TOO_MANY,
    reason: "rate_limit",
    httpStatus: 429,
  },
  "429 for the plan": {
    reply: http(429, error({ type: "usage_limit_reached", plan_type: "plus" })),
    says: LIMIT,
    reason: "usage_limit",
  },
  "429 for another plan": {
    reply: http(429, error({ type: "usage_not_included" })),
    says: /^To use Codex with your ChatGPT plan, upgrade to Plus/,
    reason: "usage_limit",
  },
  "429 for a workspace": {
    reply: http(429, error({ type: "usage_limit_reached" }), {
      "x-codex-rate-limit-reached-type": "workspace_owner_credits_depleted",
    }),
    says: /^Your workspace is out of credits\./,
    reason: "usage_limit",
  },
  "429 for a spend cap": {
    reply: http(429, error({ type: "usage_limit_reached" }), {
      "x-codex-rate-limit-reached-type": "workspace_member_usage_limit_reached",
    }),
    says: /^You hit your spend cap set by/,
    reason: "usage_limit",
  },
  "429 for a quota": {
    reply: http(429, error({ type: "insufficient_quota" })),
    says: QUOTA,
    reason: "usage_limit",
  },
  "500": {
    reply: http(500, error({ message: "No luck", code: "server_error" })),
    says: HIGH_DEMAND,
    reason: "server_error",
  },
  "501": told(501, "Not Implemented", "other"),
  "502": told(502, "Bad Gateway", "server_error", HTML),
  "503": told(503, "Service Unavailable", "overloaded"),
  "503 for lack of capacity": {
    reply: http(503, error({ code: "server_is_overloaded" })),
    says: AT_CAPACITY,
    reason: "overloaded",
  },
  "503 to slow down": {
    reply: http(503, error({ message: "Wait", code: "slow_down" })),
    says: /^rate limit exceeded: Wait$/,
    reason: "rate_limit",
  },
  "504": told(504, "Gateway Timeout", "server_error", HTML),
  "529": told(529, "<unknown status code>", "overloaded"),
  "an answer that is not a stream": {
    reply: http(200, error({ message: "No luck", code: "invalid_api_key" })),
    says: BROKEN,
    reason: "disconnected",
  },
  "a stream that breaks": {
    reply: modelDrop(modelMessage("Half")),
    says: BROKEN,
    reason: "disconnected",
  },
  "a stream that ends early": {
    reply: modelEvents(),
    says: BROKEN,
    reason: "disconnected",
  },
  "a response that fails": {
    reply: failed("server_error", "It broke"),
    says: /^stream disconnected before completion: It broke$/,
    reason: "disconnected",
  },
  "a response that fails with a code in its message": {
    reply: failed("server_error", '{"error":{"code":"invalid_api_key"}}'),
    says: BROKEN,
    reason: "disconnected",
  },
  "a response that fails for a rate": {
    reply: failed("rate_limit_exceeded", "Wait"),
    says: /^rate limit exceeded: Wait$/,
    reason: "rate_limit",
  },
  "a response that fails for a context": {
    reply: failed("context_length_exceeded", "Too long"),
    says: NO_ROOM,
    reason: "context_window",
  },
  "a response that fails for a quota": {
    reply: failed("insufficient_quota", "No more"),
    says: QUOTA,
    reason: "usage_limit",
  },
  "a response that fails for lack of capacity": {
    reply: failed("server_is_overloaded", "Full"),
    says: AT_CAPACITY,
    reason: "overloaded",
  },
  "a response that fails for lack of flex capacity": {
    reply: failed("flex_unavailable", "Full"),
    says: /^Flex capacity unavailable\.$/,
    reason: "overloaded",
  },
  "a response that fails for a risk": {
    reply: failed("cyber_policy", ""),
    says: /^This request has been flagged for possible cybersecurity risk\.$/,
    reason: "cyber_policy",
  },
  "a response that fails for a model": {
    reply: failed("model_not_found", "The model `gpt-x` does not exist"),
    says: /^The model `gpt-x` does not exist$/,
    reason: "model_not_found",
  },
  "a response that fails for its prompt": {
    reply: failed("invalid_prompt", "Never"),
    says: /^Never$/,
    reason: "other",
  },
  "an incomplete response": {
    reply: modelEvents({
      type: "response.incomplete",
      response: {
        status: "incomplete",
        incomplete_details: { reason: "content_filter" },
      },
    }),
    says:
      /^stream disconnected before completion: Incomplete response returned, reason: content_filter$/,
    reason: "other",
  },
};

/** The number of turns that run at the same time. */
const AT_ONCE = 3;

/** A client of either transport. */
interface Client {
  startThread(options: object): Thread;
}

/** The transports, by name. */
const CLIENTS: {
  readonly [name: string]: (
    options: CodexOptions,
  ) => Client & Partial<AsyncDisposable>;
} = {
  "codex exec": (options) => new Codex(options),
  "codex app-server": (options) => new CodexAppServer(options),
};

/** The real CLI on one transport, with a home and a folder that are removed at the end. */
interface Side extends AsyncDisposable {
  readonly home: string;
  /** The settings of the scripted model. */
  readonly provider: ScriptedModel["config"]["model_providers"]["mock"];
  /** Runs a turn; `more` uses a new client with options on top of those for the scripted model. */
  run(
    prompt: string,
    more?: { readonly config?: object; readonly env?: CodexOptions["env"] },
    turn?: TurnOptions,
  ): Promise<unknown>;
}

async function side(transport: string): Promise<Side> {
  await using stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await tempFolder());
  fillHome(home);
  const { path: workingDirectory } = stack.use(await tempFolder());
  stack.defer(() => assertNothingRuns(home));
  const service = stack.use(
    await ScriptedModel.start(({ text }) => {
      const name = /SCENARIO (.*?)\./.exec(text)?.[1] ?? "";
      return FAILURES[name]?.reply ?? modelAnswer(modelMessage("Hello"));
    }),
  );
  const { config } = service;
  const env = { ...service.env(home), PATH: Deno.env.get("PATH") };
  const clients: (Client & Partial<AsyncDisposable>)[] = [];
  const make = (more: object): Client => {
    const client = CLIENTS[transport]?.({ config, env, ...more });
    assert(client !== undefined);
    clients.push(client);
    return client;
  };
  const usual = make({});
  stack.defer(async () => {
    for (const each of clients) await each[Symbol.asyncDispose]?.();
  });
  const left = stack.move();
  return {
    home,
    provider: config.model_providers.mock,
    run(prompt, more, turn) {
      const client = more === undefined ? usual : make({
        config: { ...config, ...more.config },
        env: { ...env, ...more.env },
      });
      return client.startThread({ ...OPEN, workingDirectory })
        .run(prompt, turn);
    },
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/** Waits for a turn to fail. */
async function catchFailure(turn: Promise<unknown>): Promise<CodexTurnError> {
  const failure = await turn.then(() => undefined, (reason) => reason);
  assert(failure instanceof CodexTurnError, String(failure));
  return failure;
}

/** Returns the base URL of a port that nothing listens on. */
function nobodyListens(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}/v1`;
}

/** Returns a ChatGPT login whose tokens have expired. */
function expiredLogin(): string {
  const encode = (value: unknown): string =>
    btoa(JSON.stringify(value)).replaceAll("=", "");
  const token = [
    encode({ alg: "none" }),
    encode({
      exp: 1_000_000_000,
      "https://api.openai.com/auth": {
        chatgpt_plan_type: "plus",
        chatgpt_account_id: "account",
      },
    }),
    "signature",
  ].join(".");
  return JSON.stringify({
    OPENAI_API_KEY: null,
    tokens: {
      id_token: token,
      access_token: token,
      refresh_token: "refresh-token",
      account_id: "account",
    },
    last_refresh: "2020-01-01T00:00:00Z",
  });
}

/** Serves a login service that rejects renewals, and answers every request with status 401. */
function serveLogins(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) =>
      Response.json(
        {
          error: {
            message: "No",
            code: url.endsWith("/oauth/token")
              ? "refresh_token_reused"
              : "token_expired",
          },
        },
        { status: 401 },
      ),
  );
}

for (const transport of Object.keys(CLIENTS)) {
  Deno.test(`A failed turn over ${transport} has the reason, status and code of the failure`, async (t) => {
    await using real = await side(transport);
    // The first turn in a home installs the CLI's own skills; several at once damage them.
    await real.run("Warm up");
    const waiting = Object.keys(FAILURES);
    const seen = new Map<string, unknown>();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let name = waiting.shift(); name; name = waiting.shift()) {
        const turn = real.run(`SCENARIO ${name}.`);
        seen.set(name, await turn.catch((reason: unknown) => reason));
      }
    }));
    for (const [name, expected] of Object.entries(FAILURES)) {
      await t.step(name, () => {
        const failure = seen.get(name);
        assert(failure instanceof CodexThreadRunError, String(failure));
        assertMatch(failure.message, expected.says);
        const { reason, httpStatus, serviceCode } = failure;
        const overExec = transport === "codex exec"
          ? expected.overExec
          : undefined;
        assertEquals({ reason, httpStatus, serviceCode }, {
          reason: overExec ?? expected.reason,
          httpStatus: expected.httpStatus ?? null,
          serviceCode: expected.serviceCode ?? null,
        });
      });
    }
  });

  Deno.test(`A turn over ${transport} reports that the service is unreachable`, async () => {
    await using real = await side(transport);
    for (
      const base_url of [
        nobodyListens(),
        "http://no-such-host.invalid/v1",
        real.provider.base_url.replace("http:", "https:"),
      ]
    ) {
      const mock = { ...real.provider, base_url };
      const failure = await catchFailure(
        real.run("Hi", { config: { model_providers: { mock } } }),
      );
      assertMatch(failure.message, /^Connection failed: /);
      const { reason, httpStatus, retryable } = failure;
      assertEquals({ reason, httpStatus, retryable }, {
        reason: "unreachable",
        httpStatus: null,
        retryable: true,
      });
    }
  });

  // Facts F19.
  Deno.test(`A turn over ${transport} that times out reports that it waited for the network`, async () => {
    await using real = await side(transport);
    const mock = { ...real.provider, base_url: nobodyListens() };
    const config = {
      features: { unbounded_connection_retries: true },
      model_providers: { mock },
    };
    // On a busy machine the CLI may not have tried to connect by then.
    for (const timeoutMs of [4_000, 15_000, 60_000]) {
      const failure = await catchFailure(
        real.run("Hi", { config }, { timeoutMs }),
      );
      assert(failure instanceof CodexTimeoutError);
      if (failure.warnings.length === 0 && timeoutMs < 60_000) continue;
      assertMatch(
        failure.message,
        /the last error was: Reconnecting\.\.\. waiting for network \(Connection failed/,
      );
      assertEquals([failure.reason, failure.retryable], ["unreachable", true]);
      return;
    }
  });

  Deno.test(`A turn over ${transport} reports that the key is missing, and which option sets it`, async () => {
    await using real = await side(transport);
    const failure = await catchFailure(
      real.run("Hi", { env: { CODEX_API_KEY: undefined } }),
    );
    assertEquals(
      failure.message,
      "Missing environment variable: `CODEX_API_KEY`.; give it in the option env",
    );
    assertEquals([failure.reason, failure.retryable], ["unauthorized", false]);
  });

  Deno.test(`A turn over ${transport} reports that the login has expired`, async () => {
    await using real = await side(transport);
    await using logins = serveLogins();
    const url = `http://127.0.0.1:${logins.addr.port}`;
    await Deno.writeTextFile(`${real.home}/auth.json`, expiredLogin());
    const { env_key: _, ...provider } = real.provider;
    const mock = {
      ...provider,
      base_url: `${url}/v1`,
      requires_openai_auth: true,
    };
    const failure = await catchFailure(real.run("Hi", {
      config: { chatgpt_base_url: url, model_providers: { mock } },
      env: {
        CODEX_API_KEY: undefined,
        CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${url}/oauth/token`,
      },
    }));
    assertMatch(
      failure.message,
      /^Your access token could not be refreshed .*; run codex login, or give apiKey$/,
    );
    assertEquals([failure.reason, failure.httpStatus], ["unauthorized", null]);
  });
}

// Facts F14.
Deno.test("A CLI that exits before the turn begins fails with the reason other", async () => {
  await using real = await realCodex([]);
  const codex = real.client({ config: { model_provider: "nowhere" } });
  const failure = await catchFailure(codex.startThread(real.inRepo).run("Hi"));
  assert(failure instanceof CodexExecError);
  assertEquals([failure.reason, failure.retryable], ["other", false]);
});
