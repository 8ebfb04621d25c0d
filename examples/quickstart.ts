/**
 * Ask the agent one thing: `deno run -A examples/quickstart.ts "What is this?"`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";

const thread = new Codex().startThread({ sandboxMode: "read-only" });
const turn = await thread.run(Deno.args[0] ?? "What is this project?");
console.log(turn.finalResponse);
console.log(`thread ${thread.id}, tokens`, turn.turnUsage);
