import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { replyToOther, replyToTurn } from "./choose_reply.ts";
import { Exchange } from "./exchange.ts";
import type { ReplyFunction, ScriptStep } from "./model_reply.ts";
import { readHeaders, readText } from "./read_request.ts";
import {
  type OpenRecord,
  type RecordedRequest,
  recordRequest,
} from "./recorded_request.ts";
import {
  type ScriptedModelConfig,
  scriptedModelConfig,
  type ScriptedModelOptions,
} from "./scripted_model_config.ts";

/** Options of a client that uses a scripted model; created by {@linkcode ScriptedModel.options}. */
export interface ModelClientOptions {
  /** The provider. */
  readonly config: ScriptedModelConfig;
  /** The key, the home, and the variables that any program needs to run. */
  readonly env: { readonly [name: string]: string };
}

/** The variables that a program needs to run, on one system or another. */
const INHERITED = [
  "PATH",
  "Path",
  "SystemRoot",
  "SystemDrive",
  "ComSpec",
  "PATHEXT",
  "TMPDIR",
  "TEMP",
  "TMP",
];

/**
 * A model whose answers are written in advance, for the real `codex` CLI to talk to.
 *
 * It is a Responses API on loopback: the CLI believes that it talks to the
 * service, runs the commands that the script asks for and prints what it always
 * prints, without network or key.
 *
 * @example Script a command and a final message
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import {
 *   modelAnswer,
 *   modelCommand,
 *   modelMessage,
 *   ScriptedModel,
 * } from "@acodex/sdk/testing";
 *
 * const model = await ScriptedModel.start([
 *   modelAnswer(modelCommand("ls")),
 *   modelAnswer(modelMessage("There are three files")),
 * ]);
 * try {
 *   const codex = new Codex(model.options());
 *   const thread = codex.startThread({ skipGitRepoCheck: true });
 *   console.log((await thread.run("How many files are there?")).finalResponse);
 *   console.log(model.prompts); // twice the same: the command's output is a request
 * } finally {
 *   await model.close();
 * }
 * ```
 */
export class ScriptedModel implements AsyncDisposable {
  #server: Server | undefined;
  readonly #script: readonly ScriptStep[] | ReplyFunction;
  readonly #options: ScriptedModelOptions;
  readonly #requests: OpenRecord[] = [];
  readonly #exchanges = new Set<Exchange>();
  readonly #sockets = new Set<{ destroy(): unknown }>();
  readonly #changes = new Set<() => void>();
  readonly #homes: string[] = [];
  #baseUrl = "";
  #answered = 0;
  #closed: Promise<void> | undefined;

  /**
   * Creates a model that does not listen yet; use {@linkcode ScriptedModel.start} instead.
   *
   * @param script The model's answers.
   * @param options The CLI's behaviour when the model fails.
   */
  constructor(
    script: readonly ScriptStep[] | ReplyFunction,
    options: ScriptedModelOptions = {},
  ) {
    this.#script = script;
    this.#options = options;
  }

  /**
   * Starts a model on a free port of 127.0.0.1.
   *
   * The steps of a list answer requests in the order in which they arrive; a
   * request beyond the end gets an HTTP 400 that says so. A function answers every
   * request: use one for turns that run concurrently.
   *
   * @param script The model's answers.
   * @param options The CLI's behaviour when the model fails.
   * @returns The model, listening.
   */
  static async start(
    script: readonly ScriptStep[] | ReplyFunction,
    options: ScriptedModelOptions = {},
  ): Promise<ScriptedModel> {
    const model = new this(script, options);
    await model.#listen();
    return model;
  }

  /** The base URL of the model: `http://127.0.0.1:PORT/v1`. */
  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** Every request so far, in order of arrival. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /**
   * The prompts of the requests for an answer, in order. A request with a command's output
   * has the prompt of its turn.
   */
  get prompts(): readonly string[] {
    return this.#requests.filter(({ number }) => number > 0)
      .map(({ prompt }) => prompt);
  }

  /**
   * Returns options that make the CLI use this model, for `Codex` and for `CodexAppServer`.
   * The CLI gets a new home, which is removed when the model closes, and only the variables
   * that it needs: it reads nothing of the user's configuration or login. Close a
   * `CodexAppServer` before the model.
   *
   * @returns Options, to pass unchanged or to spread into others.
   */
  options(): ModelClientOptions {
    const home = mkdtempSync(join(tmpdir(), "scripted-model-"));
    this.#homes.push(home);
    const inherited = INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const env = { ...Object.fromEntries(inherited), ...this.env(home) };
    return { config: this.config, env };
  }

  /** The config that makes the CLI use this model; fits `CodexOptions.config`. */
  get config(): ScriptedModelConfig {
    return scriptedModelConfig(this.#baseUrl, this.#options);
  }

  /**
   * Returns the environment variables that the CLI needs to use this model.
   *
   * They are a made-up key, a separate home, so that the user's settings and login
   * are not used, and `NO_PROXY`, without which the CLI would connect to 127.0.0.1
   * through the machine's proxy. `PATH` is not included.
   *
   * @param home An existing directory for the CLI's config and sessions.
   * @returns The variables, to spread over those of the process.
   */
  env(home: string): Record<string, string> {
    return {
      CODEX_API_KEY: "scripted-model",
      CODEX_HOME: home,
      HOME: home,
      USERPROFILE: home,
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
    };
  }

  /**
   * Waits until a request for an answer has arrived.
   *
   * @param number The request's number, from 1.
   * @returns Its record.
   * @throws {Error} If the model closes first.
   */
  requested(number: number): Promise<RecordedRequest> {
    return this.#waitFor(number, () => true);
  }

  /**
   * Waits until a request for an answer is over: answered, cut or abandoned by the client.
   *
   * @param number The request's number, from 1.
   * @returns Its record.
   * @throws {Error} If the model closes before the request arrives.
   */
  settled(number: number): Promise<RecordedRequest> {
    return this.#waitFor(number, (record) => record.outcome !== "pending");
  }

  /** Stops listening and closes every connection at once. May be called more than once. */
  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  /** Closes the model at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<void> {
    // Loaded late: it takes longer than everything else, and played turns do not need it.
    const { createServer } = await import("node:http");
    const server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    this.#baseUrl = `http://127.0.0.1:${port}/v1`;
  }

  async #waitFor(
    number: number,
    isReady: (record: RecordedRequest) => boolean,
  ): Promise<RecordedRequest> {
    for (;;) {
      const record = this.#requests.find((each) => each.number === number);
      if (record !== undefined && isReady(record)) return record;
      if (this.#closed !== undefined) {
        throw new Error(
          `Cannot wait for request ${number}: the model is closed`,
        );
      }
      await new Promise<void>((resolve) => this.#changes.add(resolve));
    }
  }

  async #shutDown(): Promise<void> {
    const server = this.#server;
    const stopped = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    for (const exchange of this.#exchanges) exchange.cut();
    for (const socket of this.#sockets) socket.destroy();
    this.#announce();
    server?.closeAllConnections();
    await stopped;
    for (const home of this.#homes.splice(0)) {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const method = request.method ?? "";
    const path = request.url ?? "";
    const text = await readText(request);
    const isTurn = method === "POST" && path.split("?")[0] === "/v1/responses";
    const number = isTurn ? ++this.#answered : 0;
    const headers = readHeaders(request);
    const record = recordRequest({ number, method, path, headers }, text);
    const exchange = new Exchange(response, record, () => this.#announce());
    this.#requests.push(record);
    this.#exchanges.add(exchange);
    response.once("close", () => this.#exchanges.delete(exchange));
    this.#announce();
    await exchange.send(
      isTurn ? await replyToTurn(this.#script, record) : replyToOther(record),
    );
  }

  #announce(): void {
    for (const resolve of this.#changes) resolve();
    this.#changes.clear();
  }
}
