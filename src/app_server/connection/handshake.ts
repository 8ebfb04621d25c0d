import { CodexExecError } from "../../errors/turn_errors.ts";
import { isOlder, MIN_SERVER_VERSION } from "../../cli/cli_version.ts";
import { VERSION } from "../../util/version.ts";
import type { Connection } from "./connection.ts";

/** The name of this package to the server, and so to the service. */
export const CLIENT = {
  name: "acodex_sdk_ts",
  title: "acodex",
  version: VERSION,
};

/** What the handshake is done with. */
export interface HandshakeOptions {
  /** The key to log in with, for as long as the server lives; `undefined` for none. */
  readonly apiKey: string | undefined;
}

/**
 * Introduces this client to the server, and logs in with the key.
 *
 * @throws {CodexExecError} With code `unsupported_cli`, for a CLI that is too old.
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
  // A provider that reads the key's variable itself needs no login.
  const { requiresOpenaiAuth } = await connection.request("account/read", {});
  if (!requiresOpenaiAuth) return;
  // The server does not read the variable itself, as `codex exec` does.
  await connection.request("account/login/start", { type: "apiKey", apiKey });
}

/**
 * Rejects a CLI that is too old.
 *
 * @param userAgent The server's own name, which alone holds its version:
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
