/**
 * Finds what a behaviour has left: processes and temporary files. Processes are
 * looked for in /proc; where there is none, only files are.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { pause } from "./setting.ts";

/** How long a process may take to leave the process table, in ms. */
const GONE_MS = 2_000;

/** What the package calls its temporary folders, and what the behaviours call theirs. */
const OWN_NAMES = /^(?:codex-|conformance-)/;

/** A process that should not be there. */
export interface LeftProcess {
  /** Its id. */
  readonly pid: number;
  /** Its command line, or its name where it has ended and nobody has asked how. */
  readonly command: string;
}

/** Whether processes can be looked for. */
export const CAN_SEE_PROCESSES: boolean = existsSync("/proc/self/stat");

/** The processes that carry a mark in their environment, and the children of this one. */
export function processesOf(mark: string): LeftProcess[] {
  if (!CAN_SEE_PROCESSES) return [];
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      // The name is in brackets and may hold anything; the parent comes after it.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const parent = Number(
        stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1],
      );
      const isOwn = parent === process.pid ||
        readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
      if (!isOwn) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return [{
        pid,
        command: command.replaceAll("\0", " ").trim() || stat.slice(0, 60),
      }];
    } catch {
      // It has gone since, or belongs to somebody else.
      return [];
    }
  });
}

/** Fails if a process of a behaviour is still there after a moment, and ends it. */
export async function checkLeftovers(mark: string): Promise<void> {
  const deadline = Date.now() + GONE_MS;
  let left = processesOf(mark);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(20);
    left = processesOf(mark);
  }
  if (left.length === 0) return;
  for (const { pid } of left) endProcess(pid);
  throw new Error(
    `Processes are left:\n${
      left.map(({ pid, command }) => `  ${pid} ${command}`).join("\n")
    }`,
  );
}

/** Ends a process that the behaviour has started, if it is there. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has gone.
  }
}

/** Whether a process is there and has not ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !==
      "Z";
  } catch {
    return false;
  }
}

/** The temporary files and folders that may come from a turn. */
export function temporaryEntries(): string[] {
  return readdirSync(tmpdir()).filter((name) => OWN_NAMES.test(name));
}
