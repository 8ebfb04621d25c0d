/**
 * The client over `codex app-server` for behaviours: closed when the behaviour is over.
 *
 * @module
 */

import type { CodexOptions } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";

const open: CodexAppServer[] = [];

/** A client that {@linkcode closeServers} closes. */
export class ServerCodex extends CodexAppServer {
  constructor(options: CodexOptions = {}) {
    super(options);
    open.push(this);
  }
}

/** Closes all clients that were created. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((client) => client.close()));
}
