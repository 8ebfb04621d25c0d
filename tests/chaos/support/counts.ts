/**
 * Counts what a turn could leave: processes, file descriptors, listeners, timers
 * and temporary files. Processes and descriptors are read from /proc; on systems
 * without it, they count as 0.
 *
 * @module
 */

import { existsSync, readdirSync, readlinkSync } from "node:fs";
import process from "node:process";
import { findProcesses } from "../../../src/testing/processes.ts";
import { temporaryFiles } from "../../../src/testing/temporary_files.ts";
import { wait } from "../../../src/testing/waiting.ts";

/** The time that released things may take to disappear, in ms: the kernel and the runtime close them later. */
const VANISH_MS = 3_000;

/** The number of each kind. */
export interface Counts {
  /** Processes that carry the mark, and children. */
  readonly processes: number;
  /** File descriptors of this process. */
  readonly fds: number;
  /** Listeners of `process` and of the watched signals. */
  readonly listeners: number;
  /** Active timers. */
  readonly timers: number;
  /** Files and folders that this package has created in the folder for temporary files. */
  readonly files: number;
}

/** The kinds that are counted, in the order in which they are shown. */
export const KINDS = [
  "processes",
  "fds",
  "listeners",
  "timers",
  "files",
] as const;

const timers = new Set<unknown>();

/** Starts counting timers; before, their count is 0. */
export function watchTimers(): void {
  const set = globalThis.setTimeout;
  const clear = globalThis.clearTimeout;
  Object.assign(globalThis, {
    setTimeout(task: () => void, ms?: number): unknown {
      const timer = set(() => {
        timers.delete(timer);
        task();
      }, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout(timer: ReturnType<typeof setTimeout>): void {
      timers.delete(timer);
      clear(timer);
    },
  });
}

/** Listens to a signal once, because what the runtime opens for its first signal handler is not a leak. */
export async function lookOutForSignals(): Promise<void> {
  const listener = (): void => {};
  process.on("SIGUSR2", listener);
  await wait(20);
  process.off("SIGUSR2", listener);
}

/** Counts all kinds now. */
export function count(mark: string, signalListeners: () => number): Counts {
  return {
    processes: findProcesses(mark).length,
    fds: openFiles().length,
    listeners: signalListeners() +
      process.eventNames().reduce(
        (sum, name) => sum + process.listenerCount(name),
        0,
      ),
    timers: timers.size,
    files: temporaryFiles().length,
  };
}

/** Lists the file descriptors of this process, each with its target. */
export function openFiles(): string[] {
  if (!existsSync("/proc/self/fd")) return [];
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      // The descriptor that the folder was read through is closed by now.
      return [];
    }
  });
}

/** Counts until nothing exceeds `before`, or the time is up; returns the excess. */
export async function leftOver(
  before: Counts,
  mark: string,
  signalListeners: () => number,
): Promise<Counts> {
  const deadline = Date.now() + VANISH_MS;
  for (;;) {
    const after = count(mark, signalListeners);
    const left: Counts = {
      processes: Math.max(0, after.processes - before.processes),
      fds: Math.max(0, after.fds - before.fds),
      listeners: Math.max(0, after.listeners - before.listeners),
      timers: Math.max(0, after.timers - before.timers),
      files: Math.max(0, after.files - before.files),
    };
    if (KINDS.every((kind) => left[kind] === 0) || Date.now() > deadline) {
      return left;
    }
    await wait(20);
  }
}
