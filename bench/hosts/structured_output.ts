/**
 * Measures the cost of a typed answer: converting a new schema, converting a known one, and
 * parsing an answer. Timed by mitata.
 *
 * @module
 */

import { type HostJob, readJob, report } from "./host.ts";

/** The job of this program. */
export interface StructuredOutputJob extends HostJob {
  /** The modules that it needs, as URLs. */
  readonly modules: {
    readonly mitata: string;
    readonly zod: string;
    readonly structuredOutput: string;
  };
}

/** The result: medians and quartiles, in µs. */
export interface StructuredOutputResult {
  readonly fresh: Timing;
  readonly again: Timing;
  readonly read: Timing;
  readonly parse: Timing;
}

/** A median and its quartiles. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The part of mitata that is used. */
interface Mitata {
  measure(
    work: () => unknown,
    options: { min_cpu_time: number },
  ): Promise<{ p25: number; p50: number; p75: number }>;
}

const { modules } = readJob<StructuredOutputJob>();
const { measure }: Mitata = await import(modules.mitata);
const z: typeof import("zod") = await import(modules.zod);
const { structuredOutput }:
  typeof import("../../src/output/structured_output.ts") = await import(
    modules.structuredOutput
  );

const outputType = review();
const { read } = await structuredOutput({ outputType });
const text = answer();
report(
  {
    fresh: await time(() => structuredOutput({ outputType: review() })),
    again: await time(() => structuredOutput({ outputType })),
    read: await time(() => read(text)),
    parse: await time(() => JSON.parse(text)),
  } satisfies StructuredOutputResult,
);

async function time(work: () => unknown): Promise<Timing> {
  const { p25, p50, p75 } = await measure(work, { min_cpu_time: 3e8 });
  return { median: p50 / 1000, low: p25 / 1000, high: p75 / 1000 };
}

/** Builds a schema of a typical size. */
function review() {
  const place = z.object({ file: z.string(), line: z.number().int() });
  return z.object({
    summary: z.string(),
    verdict: z.enum(["approve", "comment", "reject"]),
    findings: z.array(z.object({
      title: z.string(),
      severity: z.enum(["low", "medium", "high"]),
      place,
      suggestion: z.string().nullable(),
    })),
  });
}

function answer(): string {
  const finding = {
    title: "The loop never ends",
    severity: "high",
    place: { file: "src/main.ts", line: 12 },
    suggestion: null,
  };
  const findings = Array.from({ length: 20 }, () => finding);
  return JSON.stringify({ summary: "Good", verdict: "comment", findings });
}
