/**
 * Streams one turn, after a short one to warm up, and reports its duration and peak
 * memory.
 *
 * @module
 */

import { type HostJob, openThread, readJob, report, takeAll } from "./host.ts";
import { peakBytes, resetPeak, residentBytes } from "./memory.ts";
import { openOutput, parseAll } from "./pipe.ts";

/** The job of this program. */
export interface StreamJob extends HostJob {
  /** The reader: a package, only its decoder and reducer, or a bare loop. */
  readonly reader: "package" | "cores" | "bare";
  /** The CLI of the short turn. */
  readonly warmUpCli: string;
  /** Internal modules of the package. */
  readonly inside: {
    readonly decoder: string;
    readonly state: string;
    readonly accumulate: string;
  };
  /** `true` to measure memory. */
  readonly memory: boolean;
}

/** The result. */
export interface StreamResult {
  readonly ms: number;
  readonly events: number;
  /** The peak memory above that in use before, in bytes. */
  readonly bytes: number;
}

const job = readJob<StreamJob>();
const read = await reader();
await read(job.warmUpCli);
const idle = job.memory ? residentBytes() : 0;
if (job.memory) resetPeak();
const start = performance.now();
const events = await read(job.cli);
const ms = performance.now() - start;
const bytes = job.memory ? peakBytes() - idle : 0;
report({ ms, events, bytes } satisfies StreamResult);

async function reader(): Promise<(cli: string) => Promise<number>> {
  if (job.reader === "bare") return parseAll;
  if (job.reader === "cores") return await cores();
  await openThread(job);
  return async (cli) => await takeAll(await openThread(job, cli));
}

/** Applies the decoder and the reducer to the output, without validation. */
async function cores(): Promise<(cli: string) => Promise<number>> {
  const { JsonlDecoder }: typeof import("../../src/stream/jsonl_decoder.ts") =
    await import(job.inside.decoder);
  const { initialTurnState }: typeof import("../../src/turn/state.ts") =
    await import(
      job.inside.state
    );
  const { TurnAccumulator }: typeof import("../../src/turn/accumulate.ts") =
    await import(job.inside.accumulate);
  return async (cli) => {
    const decoder = new JsonlDecoder();
    const turn = new TurnAccumulator(initialTurnState());
    let count = 0;
    for await (const chunk of openOutput(cli)) {
      for (const { value } of decoder.push(chunk).lines) {
        turn.add(value as never);
        count += 1;
      }
    }
    return turn.state.status === "completed" ? count : 0;
  };
}
