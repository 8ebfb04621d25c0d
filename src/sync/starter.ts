/**
 * The program that a worker thread begins with. A blocked thread receives no events, so it
 * would not notice a program that fails to load. The starter loads the program, and
 * reports its progress in shared memory.
 *
 * @module
 */

/** The stages of a worker's start. */
const STAGE = { created: 0, begun: 1, ready: 2, failed: 3 } as const;

/** The bytes before the reason: the stage, and the reason's length. */
const HEADER_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;

/** The most characters of each part of a reason. In JSON, a character takes up to 6 bytes. */
const MAX_REASON_LENGTH = 1000;

/** The time limits of a start. */
export interface StartLimits {
  /** The time for the thread to begin, in ms. Measured: 5 to 100 ms, and 0.8 s on two cores with a load of 17. */
  readonly beginMs: number;
  /** The time for it to load the program, in ms; long enough for a slow disk and compilation. */
  readonly loadMs: number;
}

const LIMITS: StartLimits = { beginMs: 10_000, loadMs: 30_000 };

/** The time of one wait, in ms. Limits count waits, so the computer may sleep during one. */
const POLL_MS = 50;

/** The `workerData` of a starter. */
export interface StarterData {
  /** The URL of the program that it loads. */
  readonly program: string;
  /** The memory for its progress. */
  readonly memory: SharedArrayBuffer;
}

/** The end of a start. */
export type StartOutcome =
  | { readonly type: "ready" }
  /** The program cannot be loaded. */
  | { readonly type: "failed"; readonly error: Error }
  /** The start stayed at this stage for the time limit. */
  | {
    readonly type: "begun" | "created";
    readonly limitMs: number;
  };

/** The starter as a `data:` URL, which no bundler can omit. It only uses APIs that Node, Deno and Bun all have. */
export const STARTER_URL: URL = new URL(
  `data:text/javascript,${
    encodeURIComponent(`import { workerData } from "node:worker_threads";
const { program, memory } = workerData;
const header = new Int32Array(memory, 0, 2);
const enter = (stage) => {
  Atomics.store(header, 0, stage);
  Atomics.notify(header, 0);
};
// Who imports it is this text, in a URL.
const text = (value) => value === undefined ? undefined :
  String(value).split(/ (?:imported )?from "?\\/?data:/)[0].slice(0, ${MAX_REASON_LENGTH});
enter(${STAGE.begun});
import(program).then(() => enter(${STAGE.ready}), (error) => {
  const { name, message = error, code } = Object(error);
  const reason = { name: text(name), message: text(message), code: text(code) };
  const bytes = new TextEncoder().encode(JSON.stringify(reason));
  new Uint8Array(memory, ${HEADER_BYTES}).set(bytes);
  header[1] = bytes.length;
  enter(${STAGE.failed});
});`)
  }`,
);

/** Creates the memory for one start. */
export function starterMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + 3 * 6 * MAX_REASON_LENGTH + 100);
}

/** Blocks until the starter has loaded the program or failed, or a limit has passed. */
export function waitForStart(
  memory: SharedArrayBuffer,
  { beginMs, loadMs }: StartLimits = LIMITS,
): StartOutcome {
  const header = new Int32Array(memory, 0, 2);
  if (!waitWhile(header, STAGE.created, beginMs)) {
    return { type: "created", limitMs: beginMs };
  }
  if (!waitWhile(header, STAGE.begun, loadMs)) {
    return { type: "begun", limitMs: loadMs };
  }
  if (Atomics.load(header, 0) === STAGE.ready) return { type: "ready" };
  return { type: "failed", error: readReason(memory, header[1] ?? 0) };
}

/** Waits until a starter has passed a stage; returns `false` if it has not in time. */
function waitWhile(
  header: Int32Array,
  stage: number,
  limitMs: number,
): boolean {
  for (let waitedMs = 0; waitedMs < limitMs;) {
    const woken = Atomics.wait(header, 0, stage, POLL_MS);
    // A late notification for the previous stage may have woken it.
    if (Atomics.load(header, 0) !== stage) return true;
    if (woken === "timed-out") waitedMs += POLL_MS;
  }
  return false;
}

/** Restores the error of the starter. */
function readReason(memory: SharedArrayBuffer, length: number): Error {
  // A copy, since TextDecoder does not accept shared memory.
  const bytes = new Uint8Array(memory).slice(
    HEADER_BYTES,
    HEADER_BYTES + length,
  );
  const { message, name, code } = JSON.parse(new TextDecoder().decode(bytes));
  const error = new Error(message);
  return Object.assign(error, name && { name }, code && { code });
}
