/**
 * Asks the agent a question and prints the answer.
 *
 * ```sh
 * node examples/quickstart.ts "What is this?"   # or: bun …, deno run -A …
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";
import process from "node:process";

const thread = new Codex().startThread({ sandboxMode: "read-only" });
const turn = await thread.run(process.argv[2] ?? "What is this project?");
console.log(turn.finalResponse);
console.log(`thread ${thread.id}, tokens`, turn.turnUsage);
