/**
 * A host with a handler for SIGINT that gets the signal in the middle of a turn of the
 * blocking client. The turn blocks the main thread, or a worker that shares a flag.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import {
  isMainThread,
  parentPort,
  Worker,
  workerData,
} from "node:worker_threads";
import { CodexError, type CodexOptions } from "@acodex/sdk";
import { CancelFlag, CodexSync } from "@acodex/sdk/sync";
import { hostPath } from "../support/host.ts";

/** The argument of the host. */
export interface InterruptValue {
  /** The thread that the turn blocks. */
  readonly blocks: "main" | "worker";
  /** Options of the client. */
  readonly codex: CodexOptions;
  /** The folder in which the CLI notes its process. */
  readonly folder: string;
}

/** The data of a worker of the host. */
interface ThreadValue extends InterruptValue {
  /** The thread's task. */
  readonly task: "turn" | "interrupt";
  /** The buffer of a flag for the turn. */
  readonly flag: SharedArrayBuffer;
}

const SELF = pathToFileURL(hostPath("interrupt"));

/** The events of this host, in order. */
const log: string[] = [];

/** A timer that keeps the host alive until its handler has run. */
let alive: ReturnType<typeof setTimeout> | undefined;

if (isMainThread) begin(JSON.parse(process.argv[2] ?? "{}"));
else work(workerData);

function begin(value: InterruptValue): void {
  const flag = new CancelFlag();
  process.once("SIGINT", () => {
    log.push("handler");
    flag.set();
    if (value.blocks === "main") report();
  });
  const data: ThreadValue = {
    ...value,
    task: value.blocks === "main" ? "interrupt" : "turn",
    flag: flag.buffer,
  };
  const worker = new Worker(SELF, { workerData: data });
  if (value.blocks === "main") {
    log.push(endOfTurn(value, flag, 1_500));
    if (log.length === 1) alive = setTimeout(report, 10_000);
  } else {
    worker.once("message", (end: string) => {
      log.push(end);
      worker.terminate();
      report();
    });
    interrupt(value);
  }
}

function work(value: ThreadValue | null): void {
  if (value?.task === "interrupt") interrupt(value);
  if (value?.task !== "turn") return;
  parentPort?.postMessage(
    endOfTurn(value, new CancelFlag(value.flag), 30_000),
  );
}

/** Sends the signal to this process only, as soon as the CLI runs. */
function interrupt({ folder }: InterruptValue): void {
  const timer = setInterval(() => {
    if (!existsSync(join(folder, "pid"))) return;
    clearInterval(timer);
    // By then the turn waits for an event that does not come.
    setTimeout(() => process.kill(process.pid, "SIGINT"), 100);
  }, 10);
}

function endOfTurn(
  { codex }: InterruptValue,
  signal: CancelFlag,
  timeoutMs: number,
): string {
  try {
    new CodexSync(codex).startThread().run("Hi", { signal, timeoutMs });
    return "completed";
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    return error.code;
  }
}

function report(): void {
  clearTimeout(alive);
  process.stdout.write(`${JSON.stringify({ log })}\n`);
}
