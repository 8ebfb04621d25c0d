/**
 * The rows of the table in which the host ends while turns run. Each row starts its own
 * host; the time is measured from the host's end.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import process from "node:process";
import { FakeCli, type FakeSteps } from "../../../src/testing/fake.ts";
import { endProcess, findProcesses } from "../../../src/testing/processes.ts";
import { temporaryFiles } from "../../../src/testing/temporary_files.ts";
import { GRACE_MS, type Measured } from "./ending.ts";
import { BEGIN } from "./words.ts";
import { wait } from "../../../src/testing/waiting.ts";

/** The time after its bound within which everything must be gone, in ms. */
const SLACK_MS = Number(process.env.CHAOS_SLACK_MS ?? 10_000);

/** The time that the watchdog adds, in ms: it polls ten times a second, and acts after six polls. */
const WATCHDOG_MS = 600;

/** A row: one way in which the host ends. */
export interface Exit {
  /** The row's name. */
  readonly name: string;
  /** The script of the CLI. */
  readonly steps: FakeSteps;
  /** The way in which the host exits, or the signal that it gets. */
  readonly how: "exit" | "error" | "SIGINT" | "SIGTERM" | "SIGKILL";
  /** If true, the host handles the signal: it prints a line and exits. */
  readonly handler?: boolean;
  /** The number of turns that run. */
  readonly turns?: number;
  /** The expected end of the host: its exit code, or the signal. */
  readonly outcome?: string;
  /** The most time that the end may take, in ms. */
  readonly bound: number;
}

const ONE = GRACE_MS + WATCHDOG_MS;
const ALL = 5 * GRACE_MS + WATCHDOG_MS;

/** The rows, in order. */
export const EXITS: readonly Exit[] = [
  {
    name: "host: process.exit",
    steps: [BEGIN, "stay"],
    how: "exit",
    bound: ONE,
    outcome: "5",
  },
  {
    name: "host: uncaught error",
    steps: [BEGIN, "stay"],
    how: "error",
    bound: ONE,
    outcome: "1",
  },
  { name: "host: SIGINT", steps: [BEGIN, "stay"], how: "SIGINT", bound: ONE },
  { name: "host: SIGTERM", steps: [BEGIN, "stay"], how: "SIGTERM", bound: ONE },
  {
    name: "host: SIGTERM, own handler",
    steps: [BEGIN, "stay"],
    how: "SIGTERM",
    handler: true,
    bound: ONE,
    outcome: "handled",
  },
  { name: "host: SIGKILL", steps: [BEGIN, "stay"], how: "SIGKILL", bound: ONE },
  {
    name: "host: SIGKILL, 3 turns",
    steps: [BEGIN, "stay"],
    how: "SIGKILL",
    turns: 3,
    bound: ONE,
  },
  {
    name: "host: SIGKILL, tree",
    steps: ["spawn tree", "spawn daemon", "sleep 0.1", BEGIN, "stay"],
    how: "SIGKILL",
    bound: ALL,
  },
  {
    name: "host: SIGKILL, ignores INT TERM",
    steps: [
      "ignore INT",
      "ignore TERM",
      "spawn tree",
      "spawn daemon",
      "sleep 0.1",
      BEGIN,
      "stay",
    ],
    how: "SIGKILL",
    bound: ALL,
  },
  {
    name: "host: SIGTERM, swarm",
    steps: ["spawn swarm", "sleep 0.1", BEGIN, "stay"],
    how: "SIGTERM",
    bound: ALL,
  },
];

/** Runs a row and measures it. */
export async function measureExit(
  exit: Exit,
  folder: string,
): Promise<Measured> {
  const { name, how, bound } = exit;
  const temp = join(folder, `tmp-${name.replaceAll(/\W/g, "-")}`);
  mkdirSync(temp);
  const outcome = await endHost(exit, folder, temp);
  const begun = performance.now();
  const deadline = begun + bound + SLACK_MS;
  const left = (): { processes: number; files: number } => ({
    processes: findProcesses(folder).length,
    files: temporaryFiles(temp).length,
  });
  let now = left();
  while (now.processes + now.files > 0 && performance.now() < deadline) {
    await wait(10);
    now = left();
  }
  const ms = Math.round(performance.now() - begun);
  const problems: string[] = [];
  if (now.processes > 0) problems.push(`${now.processes} processes left`);
  if (now.files > 0) problems.push(`${now.files} files left`);
  for (const { pid, command } of findProcesses(folder)) {
    problems.push(`${pid} ${command}`);
    endProcess(pid);
  }
  const expected = exit.outcome ?? how;
  if (outcome !== expected) problems.push(`expected ${expected}`);
  return {
    name,
    ms,
    bound,
    outcome,
    left: { ...now, fds: 0, listeners: 0, timers: 0 },
    problems,
  };
}

/** Starts the host, ends it once its turns run, and returns its exit code or signal. */
function endHost(
  { how, steps, handler = false, turns = 1 }: Exit,
  mark: string,
  temp: string,
): Promise<string> {
  const self = process.argv[1] ?? "";
  const settings = JSON.stringify({
    how,
    handler,
    turns,
    program: new FakeCli(join(temp, "cli"), steps).path,
    graceMs: GRACE_MS,
    env: { PATH: process.env.PATH, CHAOS_MARK: mark },
  });
  const isDeno = process.versions.deno !== undefined;
  const host = spawn(process.execPath, [
    ...isDeno ? ["run", "--allow-all", "--no-check", "--quiet"] : [],
    join(dirname(self), `exiting${extname(self)}`),
    settings,
  ], {
    env: { ...process.env, TMPDIR: temp, CHAOS_MARK: mark },
    // Hides the stack trace of the expected uncaught error.
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  host.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
    if (text === "running\n" && how.startsWith("SIG")) {
      host.kill(how as "SIGINT");
    }
  });
  return new Promise((resolve, reject) => {
    host.once("error", reject);
    host.once("close", (code, signal) =>
      resolve(
        said.endsWith("handled\n") ? "handled" : String(signal ?? code),
      ));
  });
}
