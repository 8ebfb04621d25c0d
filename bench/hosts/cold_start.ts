/**
 * A quickstart: loads the package, starts a turn, reads the first event. Reports the time
 * of day of each.
 *
 * @module
 */

const start = performance.now();
const { readJob, report } = await import("./host.ts");
const job = readJob<import("./host.ts").HostJob>();
const began = performance.now();
const { Codex }: import("./host.ts").AnySdk = await import(job.entry);
const imported = performance.now();
const thread = new Codex({ codexPathOverride: job.cli })
  .startThread({ skipGitRepoCheck: true });
const { events } = await thread.runStreamed("bench");
let first: number | undefined;
for await (const _ of events) first ??= performance.now();

// Read last: it takes some ms.
const { clockOffset } = await import("./clock.ts");
const offset = clockOffset();
report(
  {
    hostBegan: start + offset,
    began: began + offset,
    imported: imported + offset,
    first: (first ?? NaN) + offset,
  } satisfies ColdStartResult,
);

/** The result: times of day, in ms. */
export interface ColdStartResult {
  /** The time when the host's first line ran. */
  readonly hostBegan: number;
  /** The time when it began to load the package. */
  readonly began: number;
  /** The time when it had loaded the package. */
  readonly imported: number;
  /** The time when it had read the first event. */
  readonly first: number;
}
