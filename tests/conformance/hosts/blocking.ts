/**
 * A host whose main thread is blocked by the blocking client, in one of several ways. It
 * reads the way's name and its settings as JSON, and prints the result as JSON.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import {
  CodexError,
  type CodexOptions,
  CodexTimeoutError,
  type ThreadOptions,
} from "@acodex/sdk";
import {
  CancelFlag,
  CodexSync,
  type InputSync,
  type TurnOptionsSync,
} from "@acodex/sdk/sync";
import { z } from "zod";
import { hostPath } from "../support/host.ts";
import { isRunning } from "../../../src/testing/processes.ts";
import { shown } from "../support/shown.ts";

/** The argument of this host. */
export interface BlockingValue {
  /** The way of blocking. */
  readonly way: keyof typeof WAYS;
  /** Options of the client. */
  readonly codex: CodexOptions;
  /** Options of the thread. */
  readonly thread?: ThreadOptions;
  /** A folder for notes, shared with the CLI. */
  readonly folder: string;
}

/** The result of a way of blocking. */
type Report = { readonly [key: string]: unknown };

const { way, codex, thread: options, folder }: BlockingValue = JSON.parse(
  process.argv[2] ?? "{}",
);
const client = new CodexSync(codex);
const thread = client.startThread(options);

/** Every way, by name. */
const WAYS = {
  each_taken: eachTaken,
  command_runs: commandRuns,
  flag: flagFromOutside,
  limits,
  endings,
  completed,
  nested,
  refused,
  keys,
  repair,
  changes,
  wait,
};

process.stdout.write(`${JSON.stringify(WAYS[way]())}\n`);

/** Notes each event that it reads; the CLI waits for the note. */
function eachTaken(): Report {
  const types: string[] = [];
  const streamed = thread.runStreamed("Hi");
  for (const event of streamed.events) {
    note(`taken-${types.length}`);
    types.push(event.type);
  }
  return { types, finalResponse: streamed.result.finalResponse };
}

/** Lets the agent's command continue only once the event of its start has been delivered. */
function commandRuns(): Report {
  const streamed = thread.runStreamed("Hi");
  for (const event of streamed.events) {
    if (event.type !== "item.started") continue;
    if (event.item.type === "command_execution") note("go");
  }
  return { items: streamed.result.items };
}

/** Has another thread set a flag while the CLI runs silently. */
function flagFromOutside(): Report {
  const signal = new CancelFlag();
  const setAt = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const worker = new Worker(pathToFileURL(hostPath("set_flag")), {
    workerData: { flag: signal.buffer, setAt, awaited: join(folder, "pid") },
  });
  worker.unref();
  const failure = reportFailure(() => thread.run("Hi", { signal }));
  const took = Date.now() - (new Float64Array(setAt)[0] ?? 0);
  return { ...failure, isSet: signal.isSet, took };
}

/** Sets limits on turns that would not end. */
function limits(): Report {
  const tryLimit = (limit: TurnOptionsSync): unknown => {
    try {
      return thread.run("Hi", limit).finalResponse;
    } catch (error) {
      if (!(error instanceof CodexTimeoutError)) throw error;
      return [error.name, error.code, error.limitMs];
    }
  };
  return {
    timeout: tryLimit({ timeoutMs: 400 }),
    idleTimeout: tryLimit({ idleTimeoutMs: 401 }),
  };
}

/** Ends turns half-way; each CLI writes a note that is named after its turn. */
function endings(): Report {
  const runningAfter: { [name: string]: boolean } = {};
  const look = (name: string): void => {
    const pid = readFileSync(join(folder, `pid${name}`), "utf8");
    runningAfter[name] = isRunning(Number(pid));
  };
  const begin = (name: string): ReturnType<typeof thread.runStreamed> =>
    new CodexSync({
      ...codex,
      env: { ...codex.env, TURN: name },
    }).startThread(options).runStreamed("Hi");

  const unused = begin("unused");
  unused[Symbol.dispose]();

  const left = begin("left");
  for (const event of left.events) {
    if (event.type === "turn.started") break;
  }
  look("left");
  const leftResult = reportFailure(() => left.result);
  const again = [...left.events].length;

  const mine = new TypeError("mine");
  let caught: unknown;
  const thrown = begin("thrown");
  try {
    for (const event of thrown.events) {
      if (event.type === "turn.started") throw mine;
    }
  } catch (error) {
    caught = error;
  }
  look("thrown");

  const disposed = begin("disposed");
  while (disposed.events.next().value?.type !== "turn.started");
  disposed[Symbol.dispose]();
  look("disposed");
  disposed[Symbol.dispose]();
  return {
    leftResult,
    again,
    isMine: caught === mine,
    afterDisposal: disposed.events.next().done,
    runningAfter,
  };
}

/** Runs a turn to its end, and reads events and result once more. */
function completed(): Report {
  const streamed = thread.runStreamed("Hi", { outputSchema: {} });
  const unfinished = [reportFailure(() => streamed.result).code];
  let events = 0;
  const texts = [shown(thread), shown(streamed)];
  for (const _ of streamed) {
    events += 1;
    unfinished.push(reportFailure(() => streamed.result).code);
  }
  const { result } = streamed;
  texts.push(shown(streamed));
  return {
    events,
    shown: texts,
    unfinished: [...new Set(unfinished)],
    again: [...streamed.events].length,
    next: streamed.events.next(),
    isSame: streamed.result === result &&
      result.structuredResponse === result.structuredResponse,
    structuredResponse: result.structuredResponse,
  };
}

/** Begins turns inside the loop of another one. */
function nested(): Report {
  const outer = thread.runStreamed("outer");
  const inner: unknown[] = [];
  for (const event of outer.events) {
    if (event.type !== "turn.started") continue;
    const { code, path } = reportFailure(() => thread.run("inner"));
    inner.push(code, path);
    const other = client.startThread(options);
    inner.push(other.run("other").finalResponse, other.id !== thread.id);
  }
  return {
    inner,
    outer: outer.result.finalResponse,
    after: thread.run("after").finalResponse,
  };
}

/** Passes values that the blocking client cannot wait for. */
function refused(): Report {
  const { signal } = new AbortController();
  const image = new Blob([new Uint8Array(8)]);
  const images = [{ type: "text", text: "Look" }, { type: "image", image }];
  return {
    signal: reportFailure(() => thread.run("Hi", Object({ signal }))),
    blob: reportFailure(() => thread.run(Object(images) as InputSync)),
  };
}

/** Passes `apiKey` functions, which run on this thread. */
function keys(): Report {
  let count = 0;
  const asked = new CodexSync({
    ...codex,
    apiKey: () => `sk-of-turn-number-${count += isMainThread ? 1 : 100}`,
  }).startThread(options);
  const responses = ["Hi", "Again"].map((prompt) =>
    asked.run(prompt).finalResponse
  );
  const failureWith = (apiKey: unknown): Report =>
    reportFailure(() =>
      new CodexSync({ ...codex, apiKey: Object(apiKey) })
        .startThread(options).run("Hi")
    );
  return {
    responses,
    async: failureWith(() => Promise.resolve("sk-secret")),
    rejected: failureWith(() => Promise.reject(new Error("closed"))),
    thrown: failureWith(() => {
      throw new Error("closed");
    }),
    none: failureWith(() => undefined),
  };
}

/** Asks for an answer that an output type validates on this thread. */
function repair(): Report {
  const judged: [number, boolean][] = [];
  const outputType = z.object({
    n: z.number().refine((n) => {
      judged.push([n, isMainThread]);
      return n % 2 === 0;
    }, "must be even"),
  });
  const turn = thread.run("Count", { outputType, repair: 2 });
  return {
    response: turn.structuredResponse,
    judged,
    attempts: turn.attempts.map(({ finalResponse, error }) => [
      finalResponse,
      error?.issues[0]?.path,
    ]),
  };
}

/** Changes the environment and the working directory between turns. */
function changes(): Report {
  const seen = ["first", "second"].map((name) => {
    process.env.CONFORMANCE_SEEN = name;
    process.chdir(join(folder, name));
    return thread.run("Look").items.flatMap((item) =>
      item.type === "command_execution" ? [item.aggregated_output] : []
    );
  });
  return { seen };
}

/** Waits for a turn that does not end. */
function wait(): Report {
  // Writes a temporary file, too.
  const streamed = thread.runStreamed("Hi", {
    outputSchema: { type: "object" },
  });
  for (const event of streamed.events) {
    if (event.type === "turn.started") note("host", String(process.pid));
  }
  return {};
}

function note(name: string, text = ""): void {
  writeFileSync(join(folder, name), `${text}\n`);
}

/** Describes the package's error that an action throws. */
function reportFailure(action: () => unknown): Report {
  try {
    action();
    return { code: "nothing failed" };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    const { name, code, message } = error;
    const cause = error.cause instanceof Error
      ? error.cause.message
      : error.cause;
    return { name, code, message, cause, path: Reflect.get(error, "path") };
  }
}
