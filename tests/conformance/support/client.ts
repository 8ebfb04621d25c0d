/**
 * The client that the behaviours get: the package's own, one with the same
 * asynchronous API that has the blocking client do everything, or the one over
 * `codex app-server`.
 *
 * @module
 */

import process from "node:process";
import * as sdk from "@acodex/sdk";

/** The clients: over `codex exec`, the same blocking, and over `codex app-server`. */
export type Client = "async" | "sync" | "server";

/** Which client the behaviours are about. */
export const CLIENT: Client = readClient(process.env.CONFORMANCE_CLIENT);

// No other client is even loaded where it is not the one that is tried.
const driven = CLIENT === "sync"
  ? await import("./driven_client.ts")
  : undefined;
const server = CLIENT === "server"
  ? await import("./server_client.ts")
  : undefined;

/** The client's class. */
export const Codex: typeof sdk.Codex = driven?.Codex ??
  (server?.ServerCodex as typeof sdk.Codex | undefined) ?? sdk.Codex;

/** A client. */
export type Codex = sdk.Codex;

/** Puts away what the clients of a behaviour have started. */
export async function releaseClients(): Promise<void> {
  await driven?.releaseDrivers();
  await server?.closeServers();
}

function readClient(name: string | undefined): Client {
  return name === "sync" || name === "server" ? name : "async";
}
