import { CodexExecError } from "../../errors/turn_errors.ts";
import { isOlder, MIN_SERVER_VERSION } from "../../cli/cli_version.ts";
import { VERSION } from "../../util/version.ts";
import type { Connection } from "./connection.ts";

/** The identification of this package to the server, and so to the service. */
export const CLIENT = {
  name: "acodex_sdk_ts",
  title: "acodex",
  version: VERSION,
};

/** Options of {@linkcode handshake}. */
export interface HandshakeOptions {
  /** The key to log in with, for the lifetime of the server; `undefined` for none. */
  readonly apiKey: string | undefined;
}

/**
 * Introduces this client to the server, and logs in with the key.
 *
 * @throws {CodexExecError} With code `unsupported_cli`, if the CLI is too old.
 * @throws {CodexRequestError} If the server refuses.
 */
export async function handshake(
  connection: Connection,
  { apiKey }: HandshakeOptions,
): Promise<void> {
  const { userAgent } = await connection.request("initialize", {
    clientInfo: CLIENT,
    capabilities: { experimentalApi: true, requestAttestation: false },
  });
  checkVersion(userAgent);
  connection.notify("initialized");
  if (apiKey === undefined) return;
  // Providers that read the key's variable themselves do not need a login.
  const { requiresOpenaiAuth } = await connection.request("account/read", {});
  if (!requiresOpenaiAuth) return;
  // Unlike `codex exec`, the server does not read the variable itself.
  await connection.request("account/login/start", { type: "apiKey", apiKey });
}

/**
 * Rejects a CLI that is too old.
 *
 * @param userAgent The server's user agent, the only field with its version:
 * `<name>/<version> (<system>)`.
 */
export function checkVersion(userAgent: string): void {
  const version = /^[^/]*\/(\d+\.\d+\.\d+)/.exec(userAgent)?.[1];
  if (version === undefined || !isOlder(version, MIN_SERVER_VERSION)) return;
  throw new CodexExecError(
    `Cannot use codex ${version} as a server: ${MIN_SERVER_VERSION} or newer is needed; update it, or use Codex, which runs codex exec`,
    { code: "unsupported_cli" },
  );
}
