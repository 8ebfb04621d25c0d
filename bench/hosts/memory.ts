/**
 * The memory of this process, as the system counts it. Linux only, the only system that
 * reports the peak between two moments.
 *
 * @module
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Returns the memory that is in use, in bytes. */
export function residentBytes(): number {
  return statusBytes("VmRSS");
}

/** Returns the peak memory since the last reset, in bytes. */
export function peakBytes(): number {
  return statusBytes("VmHWM");
}

/** Resets the peak. */
export function resetPeak(): void {
  writeFileSync("/proc/self/clear_refs", "5");
}

/** Counts the open files, pipes and sockets. */
export function openHandles(): number {
  return readdirSync("/proc/self/fd").length;
}

/** Counts the child processes, zombies included. */
export function children(): number {
  return readdirSync("/proc/self/task").flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ")
  ).filter((pid) => pid.trim() !== "").length;
}

function statusBytes(name: string): number {
  const status = readFileSync("/proc/self/status", "utf8");
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1];
  return Number(kib) * 1024;
}
