/**
 * The worker's program: turns that the blocked thread orders, each served as it
 * comes. On any other thread it does nothing.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { serveTurn } from "./serve_turn.ts";

parentPort?.on("message", serveTurn);
