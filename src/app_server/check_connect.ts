import { CodexInputError } from "../errors/codex_error.ts";
import type { CodexAppServerOptions } from "./options.ts";
import { checkToken } from "./server/remote_place.ts";

/** The options about the process, which have no effect if somebody else has started it. */
const OF_THE_PROCESS = [
  "codexPathOverride",
  "baseUrl",
  "apiKey",
  "config",
  "configOverrides",
  "features",
  "strictConfig",
  "oss",
  "env",
  "envMode",
  "endWithHost",
  "keepAliveMs",
  "onStderr",
  "onSpawn",
  "onExit",
] as const satisfies readonly (keyof CodexAppServerOptions)[];

/** The hosts that are the local machine. */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Checks the options about a server elsewhere.
 *
 * @throws {CodexInputError} If an option cannot be used, or would have no effect.
 */
export function checkConnect(options: CodexAppServerOptions): void {
  const { connect, token } = options;
  if (connect === undefined) {
    if (token === undefined) return;
    throw reject("token", "needs connect, which is not set");
  }
  for (const name of OF_THE_PROCESS) {
    if (options[name] === undefined) continue;
    throw reject(
      name,
      "cannot be set with connect: it belongs to the server; set it where the server is started",
    );
  }
  if (typeof connect === "function") {
    if (token === undefined) return;
    throw reject(
      "token",
      "needs connect to be an address: a connect function sends its own",
    );
  }
  if (typeof token === "string") checkToken(token);
  checkAddress(connect, token !== undefined);
}

function checkAddress(connect: unknown, hasToken: boolean): void {
  if (typeof connect !== "string") {
    throw reject(
      "connect",
      "must be an address such as ws://127.0.0.1:4500, or a function that opens a connection",
    );
  }
  if (/^unix:/i.test(connect)) {
    throw reject(
      "connect",
      "must not be a unix: address: WebSockets cannot connect to socket files; have the server listen on ws://127.0.0.1:0, or pass a function that opens the connection",
    );
  }
  const url = URL.canParse(connect) ? new URL(connect) : undefined;
  if (url?.protocol !== "ws:" && url?.protocol !== "wss:") {
    throw reject("connect", "must be an address that begins with ws: or wss:");
  }
  if (url.username !== "" || url.password !== "") {
    throw reject(
      "connect",
      "must not contain a user name or password; use token",
    );
  }
  if (url.hash !== "") {
    throw reject("connect", "must not contain a fragment (#)");
  }
  if (hasToken && url.protocol === "ws:" && !LOOPBACK.test(url.hostname)) {
    throw reject(
      "connect",
      "must begin with wss: if a token is sent to another machine: anyone on the network can read ws:",
    );
  }
}

function reject(path: string, why: string): CodexInputError {
  return new CodexInputError(`${path} ${why}`, { path });
}
