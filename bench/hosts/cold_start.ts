/**
 * A quickstart: loads the package, starts a turn, takes the first event. Tells the
 * times of day of each.
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

/** What came of it: times of day, in ms. */
export interface ColdStartResult {
  /** When the host's first line ran. */
  readonly hostBegan: number;
  /** When it began to load the package. */
  readonly began: number;
  /** When it had loaded it. */
  readonly imported: number;
  /** When it had the first event in hand. */
  readonly first: number;
}
