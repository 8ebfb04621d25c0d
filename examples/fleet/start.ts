/**
 * Runs everything on one machine that has Redis or PostgreSQL: starts workers, submits the
 * tasks, and stops the workers: `node start.ts FOLDER "Update the licence year" "Find dead code"`.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { argv, env, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";

const WORKERS = Number(env.FLEET_WORKERS ?? 2);

const workers = Array.from({ length: WORKERS }, () => start("worker.ts", []));
const [code] = await once(start("submit.ts", argv.slice(2)), "exit");
for (const worker of workers) worker.kill("SIGTERM");
await Promise.all(
  workers.map((worker) => worker.exitCode ?? once(worker, "exit")),
);
exit(code ?? 1);

/** Starts a program of this folder with the same runtime. */
function start(name: string, args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const runtime = "Deno" in globalThis ? ["run", "--allow-all"] : [];
  return spawn(execPath, [...runtime, program, ...args], { stdio: "inherit" });
}
