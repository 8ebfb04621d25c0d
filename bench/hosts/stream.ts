/**
 * Streams one turn, after a short one that loads and warms what is needed, and
 * tells how long it took and the most memory it needed.
 *
 * @module
 */

import { type HostJob, openThread, readJob, report, takeAll } from "./host.ts";
import { peakBytes, resetPeak, residentBytes } from "./memory.ts";
import { openOutput, parseAll } from "./pipe.ts";

/** What this program is told. */
export interface StreamJob extends HostJob {
  /** What reads: a package, its decoder and its fold alone, or a bare loop. */
  readonly reader: "package" | "cores" | "bare";
  /** The CLI of the short turn. */
  readonly warmUpCli: string;
  /** Modules of the package's inside. */
  readonly inside: {
    readonly decoder: string;
    readonly state: string;
    readonly accumulate: string;
  };
  /** Whether memory is measured. */
  readonly memory: boolean;
}

/** What came of it. */
export interface StreamResult {
  readonly ms: number;
  readonly events: number;
  /** The peak above what was in use before, in bytes. */
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

/** Puts the decoder and the fold on the pipe, without judging what came. */
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
