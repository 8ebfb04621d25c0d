/**
 * Shared code of the measured programs. Each runs as a separate process, on every runtime,
 * and loads the package by its URL, so both packages are loaded in the same way and neither
 * is bundled.
 *
 * @module
 */

import process from "node:process";
import type { ThreadOptions } from "../../mod.ts";

/** A thread: the part that both packages have. */
export interface AnyThread {
  run(
    input: string,
    options?: { outputSchema?: unknown },
  ): Promise<{ items: unknown[]; finalResponse: string }>;
  runStreamed(input: string): Promise<{ events: AsyncIterable<AnyEvent> }>;
}

/** An event: the part that is used here. */
export interface AnyEvent {
  readonly type: string;
  readonly item?: { readonly text?: string; readonly sent?: number };
}

/** Either package. */
export interface AnySdk {
  readonly Codex: new (options: {
    codexPathOverride: string;
    config?: unknown;
    env?: { [name: string]: string };
  }) => { startThread(options?: ThreadOptions): AnyThread };
}

/** The job of every program. */
export interface HostJob {
  /** The package's main module, as a URL. */
  readonly entry: string;
  /** The CLI to start. */
  readonly cli: string;
}

/** Reads the job of this program. */
export function readJob<T>(): T {
  return JSON.parse(process.argv[2] ?? "");
}

/** Prints the result for the bench, which reads the last line. */
export function report(result: unknown): void {
  process.stdout.write(`\n${JSON.stringify(result)}\n`);
}

/** Opens a thread with the package that is measured. */
export async function openThread(
  job: HostJob,
  cli: string = job.cli,
): Promise<AnyThread> {
  const { Codex }: AnySdk = await import(job.entry);
  return new Codex({ codexPathOverride: cli })
    .startThread({ skipGitRepoCheck: true });
}

/** Reads all events of a turn, and counts them. */
export async function takeAll(thread: AnyThread): Promise<number> {
  const { events } = await thread.runStreamed("bench");
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

/** Collects garbage, if the runtime was started with the flag for it. */
export async function collectGarbage(): Promise<void> {
  const { Bun, gc } = globalThis as {
    Bun?: { gc(now: boolean): void };
    gc?: () => void;
  };
  for (let round = 0; round < 3; round++) {
    Bun === undefined ? gc?.() : Bun.gc(true);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
