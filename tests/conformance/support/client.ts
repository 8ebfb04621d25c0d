/**
 * The client that the behaviours get: the package's own, or one with the same
 * asynchronous API that has the blocking client do everything.
 *
 * @module
 */

import process from "node:process";
import * as sdk from "@acodex/sdk";

/** Which client the behaviours are about. */
export const CLIENT: "async" | "sync" =
  process.env.CONFORMANCE_CLIENT === "sync" ? "sync" : "async";

// The blocking client is not even loaded where it is not the one that is tried.
const driven = CLIENT === "sync"
  ? await import("./driven_client.ts")
  : undefined;

/** The client's class. */
export const Codex: typeof sdk.Codex = driven?.Codex ?? sdk.Codex;

/** A client. */
export type Codex = sdk.Codex;

/** Puts away what the clients of a behaviour have started. */
export async function releaseClients(): Promise<void> {
  await driven?.releaseDrivers();
}
