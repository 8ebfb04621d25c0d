/**
 * Runs a turn alone and then several at once on one client, and prints their CPU time
 * in seconds: `sizing.ts exec 16 FOLDER`. It is copied into the example's project.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { Codex } from "@acodex/sdk";
import { CodexAppServer } from "@acodex/sdk/app-server";
import { readFileSync } from "node:fs";
import { argv } from "node:process";

/** The unit of times in /proc, in seconds. */
const TICK = 0.01;

const [transport, count, workingDirectory] = argv.slice(2);
const client = transport === "exec" ? new Codex() : new CodexAppServer();
await runTurn("alone");
await Promise.all(
  Array.from({ length: Number(count) }, () => runTurn("at once")),
);
if (client instanceof CodexAppServer) await client.close();
// User and system time of this process and of its children, which have all ended.
const stat = readFileSync("/proc/self/stat", "utf8");
const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 15)
  .reduce((sum, each) => sum + Number(each), 0);
console.log(ticks * TICK);

async function runTurn(prompt: string): Promise<void> {
  const thread = client.startThread({
    sandboxMode: "read-only",
    skipGitRepoCheck: true,
    workingDirectory,
  });
  await thread.run(prompt);
}
