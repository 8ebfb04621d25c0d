/**
 * The worker's program: serves the turns of the blocked thread. On the main thread it does
 * nothing.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { serveTurn } from "./serve_turn.ts";

parentPort?.on("message", serveTurn);
