/** Fails a behaviour that has left processes running. @module */

import { endProcess, findProcesses } from "../../../src/testing/processes.ts";
import { pause } from "./test_context.ts";

/** The time that a process may take to leave the process table, in ms. */
const GONE_MS = 2_000;

/** Fails if processes of a behaviour are still there after {@linkcode GONE_MS}, and ends them. */
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
