/**
 * The client over `codex app-server`, as behaviours get it: closed when they are over.
 *
 * @module
 */

import type { CodexOptions } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";

const open: CodexAppServer[] = [];

/** A client that is put away with the others. */
export class ServerCodex extends CodexAppServer {
  constructor(options: CodexOptions = {}) {
    super(options);
    open.push(this);
  }
}

/** Closes all clients that were made. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((client) => client.close()));
}
