/** Fails a behaviour that has left processes. @module */

import { endProcess, findProcesses } from "../../../src/testing/processes.ts";
import { pause } from "./test_context.ts";

/** How long a process may take to leave the process table, in ms. */
const GONE_MS = 2_000;

/** Fails if a process of a behaviour is still there after a moment, and ends it. */
export async function checkLeftovers(mark: string): Promise<void> {
  const deadline = Date.now() + GONE_MS;
  let left = findProcesses(mark);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(20);
    left = findProcesses(mark);
  }
  if (left.length === 0) return;
  for (const { pid } of left) endProcess(pid);
  throw new Error(
    `Processes are left:\n${
      left.map(({ pid, command }) => `  ${pid} ${command}`).join("\n")
    }`,
  );
}
