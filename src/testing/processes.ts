/**
 * Finds processes that somebody has left. They are read from /proc, and where there
 * is none from `ps`, which tells no environment.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** A process that was found. */
export interface FoundProcess {
  /** Its id. */
  readonly pid: number;
  /** Its command line, or its name where it has ended and nobody has asked how. */
  readonly command: string;
}

/** Tells whether the environment and the parent of a process can be read here. */
export const CAN_SEE_PROCESSES: boolean = existsSync("/proc/self/stat");

/** A process of the system's table. */
interface ListedProcess extends FoundProcess {
  readonly parent: number;
  /** Whether it has ended, and nobody has asked how. */
  readonly isZombie: boolean;
  /** Its environment; what `ps` does not tell is empty. */
  readonly environment: string;
}

/** Finds the living processes with a text in their environment or their command line. */
export function processesWith(text: string): FoundProcess[] {
  return listProcesses()
    .filter((each) => !each.isZombie && holds(each, text)).map(plain);
}

/**
 * Finds the processes that carry a mark in their environment or their command line,
 * and the children of this one, also those that have ended and were not waited for.
 * Finds none where there is no /proc.
 */
export function processesOf(mark: string): FoundProcess[] {
  if (!CAN_SEE_PROCESSES) return [];
  return listProcesses().filter((each) =>
    each.parent === process.pid || holds(each, mark)
  ).map(plain);
}

/** Kills a process, if it is still there. */
export function endProcess(pid: number): void {
  checkId(pid);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has gone.
  }
}

/** Tells whether a process is there and has not ended. */
export function isRunning(pid: number): boolean {
  checkId(pid);
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !CAN_SEE_PROCESSES || readProcess(pid)?.isZombie === false;
}

/** Fails for what is no id of a process: a signal to 0 or to -1 goes to many. */
function checkId(pid: number): void {
  if (!Number.isInteger(pid) || pid < 1) {
    throw new RangeError(`There is no process ${pid}`);
  }
}

function listProcesses(): ListedProcess[] {
  const found = CAN_SEE_PROCESSES
    ? readdirSync("/proc").filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)) ?? [])
    : askSystem();
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Reads a process from /proc, unless it has gone since, or belongs to somebody else. */
function readProcess(pid: number): ListedProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in brackets and may hold anything; state and parent come after it.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .replaceAll("\0", " ").trim();
    return {
      pid,
      parent: Number(parent),
      isZombie: state === "Z",
      command: command || stat.slice(0, 60),
      environment: readFileSync(`/proc/${pid}/environ`, "utf8"),
    };
  } catch {
    return undefined;
  }
}

/** Lists processes as `ps` knows them. */
function askSystem(): ListedProcess[] {
  const args = ["axww", "-o", "pid=,ppid=,stat=,args="];
  const { stdout } = spawnSync("ps", args, { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "").map((line) => {
    const [pid, parent, state = "", ...words] = line.trim().split(/\s+/);
    return {
      pid: Number(pid),
      parent: Number(parent),
      isZombie: state.startsWith("Z"),
      command: words.join(" "),
      environment: "",
    };
  });
}

function holds(
  { command, environment }: ListedProcess,
  text: string,
): boolean {
  return environment.includes(text) || command.includes(text);
}

function plain({ pid, command }: ListedProcess): FoundProcess {
  return { pid, command };
}
