/** Starts fake CLIs as a transport does, and lists what is left of them. @module */

import { CodexProcess } from "../../src/exec/process.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import type { FakeSteps } from "../../src/testing/fake.ts";
import {
  endProcess,
  findProcessesWith as findProcesses,
} from "../../src/testing/processes.ts";
import { type FakeCodex, fakeCodex } from "../support/fake_codex.ts";

const runtime = denoRuntime(Deno);

/** A running fake CLI. */
export interface FakeRun extends AsyncDisposable {
  readonly process: CodexProcess;
  readonly fake: FakeCodex;
  /**
   * Lists the processes that are left of it and of all that it started, except those
   * that have ended.
   */
  left(): Promise<string[]>;
}

/**
 * Runs steps, or a script, as the CLI. At the end of an `await using` block, everything
 * that it started is killed.
 *
 * @param options.graceMs The time for each signal; the package's default if omitted.
 */
export async function run(
  steps: string | readonly FakeSteps[],
  { prompt = "Do it", graceMs }: { prompt?: string; graceMs?: number } = {},
): Promise<FakeRun> {
  const fake = await fakeCodex(steps);
  const mark = crypto.randomUUID();
  const process = await CodexProcess.start(
    runtime,
    {
      program: fake.path,
      args: [],
      env: { inherit: true, set: { FAKE_MARK: mark }, unset: [] },
    },
    prompt,
    { graceMs },
  );
  return {
    process,
    fake,
    left: () => processesWith(`FAKE_MARK=${mark}`),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const { pid } of findProcesses(`FAKE_MARK=${mark}`)) endProcess(pid);
      await process.close({ orphans: "keep" });
      await fake[Symbol.asyncDispose]();
    },
  };
}

/**
 * Lists the ids and commands of living processes with a text in their environment or
 * command line.
 */
export function processesWith(text: string): Promise<string[]> {
  return Promise.resolve(
    findProcesses(text).map(({ pid, command }) =>
      `${pid} ${command.split(" ").slice(0, 3).join(" ")}`
    ),
  );
}

/** Reads a process's stdout to its end. */
export async function readAll(process: CodexProcess): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const chunk = await process.read();
    if (chunk === undefined) break;
    chunks.push(new Uint8Array(chunk));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Reads a process's stdout as text. */
export async function readText(process: CodexProcess): Promise<string> {
  return new TextDecoder().decode(await readAll(process));
}
