import { KnownSecrets } from "../../cli/known_secrets.ts";
import { CodexError, CodexInputError } from "../../errors/codex_error.ts";
import { CodexConnectionError } from "../../errors/connection_errors.ts";
import { currentRuntime } from "../../runtime/current.ts";
import { sleep } from "../../util/sleep.ts";
import { withSignal } from "../../util/with_signal.ts";
import type { LineSource } from "../line_source.ts";
import type { CodexAppServerOptions } from "../options.ts";
import { RemoteLink } from "./remote_link.ts";
import type { OpenedServer, ServerPlace } from "./server_place.ts";
import { openWebSocket } from "./web_socket_lines.ts";
import { thrownMessage } from "../../util/thrown_message.ts";

/** Milliseconds before the second attempt to connect again; the pause doubles with each attempt. */
const FIRST_PAUSE_MS = 100;

/** The longest pause between attempts, in ms. */
const MAX_PAUSE_MS = 5000;

/** The characters that a header, and so a token, may hold. */
const TOKEN = /^[\x21-\x7e]+$/;

/** The options for connecting to a server elsewhere. */
export type RemoteOptions =
  & Pick<CodexAppServerOptions, "token">
  & { readonly connect: NonNullable<CodexAppServerOptions["connect"]> };

/** A server elsewhere, which somebody else runs and this client connects to. */
export class RemotePlace implements ServerPlace {
  readonly isElsewhere = true;
  readonly #options: RemoteOptions;
  readonly #graceMs: number;
  /** The secrets used to connect. */
  readonly secrets: KnownSecrets = new KnownSecrets({});
  #wasConnected = false;

  /** Creates it without connecting. */
  constructor(options: RemoteOptions, graceMs: number) {
    this.#options = options;
    this.#graceMs = graceMs;
    if (typeof options.connect === "string") {
      const { searchParams } = new URL(options.connect);
      for (const value of searchParams.values()) this.secrets.add(value);
    }
  }

  /**
   * Connects to the server. If it was reachable before, retries until the signal is aborted,
   * with growing pauses: the server may be about to be replaced.
   */
  async open(signal: AbortSignal): Promise<OpenedServer> {
    let last: unknown;
    for (let pauseMs = FIRST_PAUSE_MS;; pauseMs *= 2) {
      try {
        const source = await this.#connect(signal);
        this.#wasConnected = true;
        const link = new RemoteLink(source, this.#graceMs);
        return { link, apiKey: undefined };
      } catch (error) {
        // The previous error says more than that the time is up.
        if (signal.aborted) throw last ?? error;
        if (!this.#wasConnected || !isUnreachable(error)) throw error;
        last = error;
        const ms = Math.min(pauseMs, MAX_PAUSE_MS);
        await sleep(ms * (0.5 + Math.random() / 2), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  /** Removes secrets from a text; see {@linkcode ServerPlace.redact}. */
  redact(text: string, isCut?: boolean): string {
    return this.secrets.redactor.clean(text, isCut);
  }

  async #connect(signal: AbortSignal): Promise<LineSource> {
    const { connect } = this.#options;
    if (typeof connect === "string") {
      const token = await withSignal(this.#readToken(), signal);
      const url = new URL(connect);
      return await openWebSocket(currentRuntime(), { url, token }, signal);
    }
    const connecting = Promise.resolve().then(() => connect({ signal }));
    try {
      return checkSource(await withSignal(connecting, signal));
    } catch (error) {
      // Close a connection that arrives too late.
      connecting.then((source) => source.close()).catch(() => {});
      if (error instanceof CodexError) throw error;
      throw new CodexConnectionError(
        `Cannot connect to codex app-server: connect failed: ${
          thrownMessage(error)
        }`,
        { code: "connection_failed", reason: "unreachable", cause: error },
      );
    }
  }

  /** Reads the token, which may have changed since. */
  async #readToken(): Promise<string | undefined> {
    const { token } = this.#options;
    if (typeof token !== "function") {
      this.secrets.add(token);
      return token || undefined;
    }
    let given: unknown;
    try {
      given = await token();
    } catch (error) {
      throw new CodexConnectionError(
        "Cannot connect to codex app-server: the function token failed",
        { code: "connection_failed", reason: "unauthorized", cause: error },
      );
    }
    checkToken(given);
    this.secrets.add(given);
    return given;
  }
}

/**
 * Checks that a value can be used as a token.
 *
 * @throws {CodexInputError} If it cannot be sent in a header.
 */
export function checkToken(token: unknown): asserts token is string {
  if (typeof token === "string" && TOKEN.test(token)) return;
  throw new CodexInputError(
    "token must be, or return, visible ASCII characters without spaces",
    { path: "token" },
  );
}

function checkSource(source: unknown): LineSource {
  const { readable, write, close } = Object(source) as Partial<
    Record<keyof LineSource, unknown>
  >;
  const isReadable = typeof readable === "object" && readable !== null &&
    ("getReader" in readable || Symbol.asyncIterator in readable);
  if (
    isReadable && typeof write === "function" && typeof close === "function"
  ) {
    return source as LineSource;
  }
  throw new CodexInputError(
    "connect must return an object with readable, write and close",
    { path: "connect" },
  );
}

function isUnreachable(error: unknown): boolean {
  return error instanceof CodexConnectionError &&
    error.reason === "unreachable";
}
