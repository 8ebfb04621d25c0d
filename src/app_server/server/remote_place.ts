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

/** The pause before a lost connection is made again for the second time, in ms; it doubles with each. */
const FIRST_PAUSE_MS = 100;

/** The longest pause, in ms. */
const MAX_PAUSE_MS = 5000;

/** What a header takes, and so a token. */
const TOKEN = /^[\x21-\x7e]+$/;

/** The options that a client of a server elsewhere is made with. */
export type RemoteOptions =
  & Pick<CodexAppServerOptions, "token">
  & { readonly connect: NonNullable<CodexAppServerOptions["connect"]> };

/** Another place: somebody else runs the server, and this client connects to it. */
export class RemotePlace implements ServerPlace {
  readonly isElsewhere = true;
  readonly #options: RemoteOptions;
  readonly #graceMs: number;
  /** The secrets that the connection is made with. */
  readonly secrets: KnownSecrets = new KnownSecrets({});
  #wasConnected = false;

  /** Makes it; nothing is connected yet. */
  constructor(options: RemoteOptions, graceMs: number) {
    this.#options = options;
    this.#graceMs = graceMs;
    if (typeof options.connect === "string") {
      const { searchParams } = new URL(options.connect);
      for (const value of searchParams.values()) this.secrets.add(value);
    }
  }

  /**
   * Connects to the server. One that was there is tried again until the signal is
   * aborted, with pauses that grow: it may be about to be replaced.
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
        // The words of the one before say more than that the time is up.
        if (signal.aborted) throw last ?? error;
        if (!this.#wasConnected || !isUnreachable(error)) throw error;
        last = error;
        const ms = Math.min(pauseMs, MAX_PAUSE_MS);
        await sleep(ms * (0.5 + Math.random() / 2), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  /** Takes secrets out of a text; see {@linkcode ServerPlace.redact}. */
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
      // One that comes too late is nobody's.
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

  /** Reads the token, which may be another one by now. */
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
 * Rejects what is no token.
 *
 * @throws {CodexInputError} If a header cannot hold it.
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
