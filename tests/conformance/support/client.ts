/**
 * The client that the behaviours test: the package's asynchronous one, an adapter with
 * the same API that delegates everything to the blocking client, or the one over
 * `codex app-server`.
 *
 * @module
 */

import process from "node:process";
import * as sdk from "@acodex/sdk";

/** The clients: over `codex exec`, the same but blocking, and over `codex app-server`. */
export type Client = "async" | "sync" | "server";

/** The client that the behaviours test. */
export const CLIENT: Client = readClient(process.env.CONFORMANCE_CLIENT);

// Loads only the client under test.
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

/** Ends everything that the clients of a behaviour have started. */
export async function releaseClients(): Promise<void> {
  await driven?.releaseDrivers();
  await server?.closeServers();
}

function readClient(name: string | undefined): Client {
  return name === "sync" || name === "server" ? name : "async";
}
