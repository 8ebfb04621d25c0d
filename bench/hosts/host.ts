/**
 * What the programs that are measured share. They run on every runtime, as a
 * process each, and load what they measure by its URL: so both packages are
 * loaded in the same way, and neither is bundled.
 *
 * @module
 */

import process from "node:process";
import type { ThreadOptions } from "../../mod.ts";

/** A thread, as far as both packages are the same. */
export interface AnyThread {
  run(
    input: string,
    options?: { outputSchema?: unknown },
  ): Promise<{ items: unknown[]; finalResponse: string }>;
  runStreamed(input: string): Promise<{ events: AsyncIterable<AnyEvent> }>;
}

/** An event, as far as it is looked at here. */
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

/** What every program is told. */
export interface HostJob {
  /** The package's main module, as a URL. */
  readonly entry: string;
  /** The CLI that it is to start. */
  readonly cli: string;
}

/** Reads what this program is told. */
export function readJob<T>(): T {
  return JSON.parse(process.argv[2] ?? "");
}

/** Hands the result to the bench, which reads the last line. */
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

/** Takes all events of a turn, and counts them. */
export async function takeAll(thread: AnyThread): Promise<number> {
  const { events } = await thread.runStreamed("bench");
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

/** Collects garbage where the runtime was started so that this can be asked for. */
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
