/**
 * Finds processes that were left running. Reads /proc, or `ps` if there is no /proc;
 * macOS hides the environments of its own programs from `ps`.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import {
  PS_ENVIRONMENT,
  PS_FLAGS,
  PS_PROGRAM,
} from "../cli/terminate/ps_command.ts";

/** A process that was found. */
export interface FoundProcess {
  /** Its id. */
  readonly pid: number;
  /** Its command line, or its name if it is a zombie. */
  readonly command: string;
}

/** `true` if the environment and the parent of every process can be read here. */
export const CAN_SEE_PROCESSES: boolean = existsSync("/proc/self/stat");

/** A process of the system's table. */
export interface ListedProcess extends FoundProcess {
  readonly parent: number;
  /** `true` if it has ended and was not waited for. */
  readonly isZombie: boolean;
  /** Its environment; empty if the system hides it. */
  readonly environment: string;
}

/**
 * Finds the running processes with a text in their environment or their command line.
 * If the system hides environments, the processes started by those are included.
 */
export function findProcessesWith(text: string): FoundProcess[] {
  return findIn(listProcesses(), (each) => holds(each, text))
    .filter(({ isZombie }) => !isZombie).map(plain);
}

/**
 * Finds the processes with a mark in their environment or their command line, and the
 * children of this process, zombies included.
 */
export function findProcesses(mark: string): FoundProcess[] {
  return findIn(
    listProcesses(),
    (each) => each.parent === process.pid || holds(each, mark),
  ).map(plain);
}

/** Finds processes; if the system hides environments, the processes started by them, too. */
export function findIn(
  listed: readonly ListedProcess[],
  isFound: (each: ListedProcess) => boolean,
  isHidden: boolean = !CAN_SEE_PROCESSES,
): ListedProcess[] {
  const found = new Set(listed.filter(isFound));
  if (!isHidden) return [...found];
  // A set's iteration also visits what is added to it meanwhile.
  for (const { pid } of found) {
    for (const each of listed) if (each.parent === pid) found.add(each);
  }
  return [...found];
}

/** Kills a process, if it is still there. */
export function endProcess(pid: number): void {
  checkId(pid);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Tells whether a process exists and has not ended. */
export function isRunning(pid: number): boolean {
  checkId(pid);
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Windows has no zombies.
  if (process.platform === "win32") return true;
  const found = CAN_SEE_PROCESSES
    ? readProcess(pid)
    : listByPs().find((each) => each.pid === pid);
  return found?.isZombie === false;
}

/** Throws for a number that is not a process id: a signal to 0 or to -1 goes to many processes. */
function checkId(pid: number): void {
  if (!Number.isInteger(pid) || pid < 1) {
    throw new RangeError(`Process ${pid} does not exist`);
  }
}

function listProcesses(): ListedProcess[] {
  const found = CAN_SEE_PROCESSES
    ? readdirSync("/proc").filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)) ?? [])
    : listByPs();
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Reads a process from /proc; returns `undefined` if it has ended or belongs to another user. */
function readProcess(pid: number): ListedProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in brackets and may contain anything; state and parent follow it.
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

/** Lists processes by `ps`; exported for its test. */
export function listByPs(): ListedProcess[] {
  const environments = new Map(
    runPs(PS_FLAGS).map(({ pid, rest }) => [pid, rest]),
  );
  return runPs(["axww"]).map(({ pid, parent, state, rest }) => ({
    pid,
    parent,
    isZombie: state.startsWith("Z"),
    command: rest,
    environment: environments.get(pid)?.slice(rest.length) ?? "",
  }));
}

/** A line of `ps`. Its last column is the command, followed by the environment if requested. */
interface PsLine {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly rest: string;
}

/**
 * Runs `ps` with the first flags that this system accepts, and omits `ps` itself from the
 * list. The list is empty on Windows.
 */
function runPs(flags: readonly string[]): PsLine[] {
  const columns = [
    "-o",
    "pid=",
    "-o",
    "ppid=",
    "-o",
    "stat=",
    "-o",
    "command=",
  ];
  for (const flag of flags) {
    const { stdout, status, pid } = spawnSync(PS_PROGRAM, [flag, ...columns], {
      encoding: "utf8",
      env: { ...process.env, ...PS_ENVIRONMENT },
      maxBuffer: 1 << 28,
    });
    if (status !== 0) continue;
    return [...stdout.matchAll(/^ *(\d+) +(\d+) +(\S+)(?: +(.*))?$/gm)]
      .map(([, id, parent, state = "", rest = ""]) => ({
        pid: Number(id),
        parent: Number(parent),
        state,
        rest,
      })).filter((line) => line.pid !== pid);
  }
  return [];
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
