/**
 * The memory of this process, as the system counts it. Linux only: the one system
 * that tells the peak between two moments.
 *
 * @module
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** The memory that is in use, in bytes. */
export function residentBytes(): number {
  return statusBytes("VmRSS");
}

/** The most that was in use since the last reset, in bytes. */
export function peakBytes(): number {
  return statusBytes("VmHWM");
}

/** Lets the peak begin anew. */
export function resetPeak(): void {
  writeFileSync("/proc/self/clear_refs", "5");
}

/** How many files, pipes and sockets are open. */
export function openHandles(): number {
  return readdirSync("/proc/self/fd").length;
}

/** How many children there are, those that nobody has waited for included. */
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
