import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { Worker } from "node:worker_threads";
import {
  STARTER_URL,
  type StarterData,
  starterMemory,
  type StartLimits,
  type StartOutcome,
  waitForStart,
} from "../../src/sync/starter.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";

/** Limits that even a busy machine does not exceed. */
const PATIENT: StartLimits = { beginMs: MINUTE_MS, loadMs: MINUTE_MS };

/** Starts a worker whose starter loads a program, and waits for the outcome. */
async function start(
  program: string,
  limits: StartLimits = PATIENT,
): Promise<StartOutcome> {
  const memory = starterMemory();
  const workerData: StarterData = { program, memory };
  const worker = new Worker(STARTER_URL, { workerData });
  try {
    return waitForStart(memory, limits);
  } finally {
    await worker.terminate();
  }
}

function makeProgram(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

Deno.test("A starter reports the program as ready when all of it has run", async () => {
  assertEquals(await start(makeProgram("await 0; export default 1;")), {
    type: "ready",
  });
});

Deno.test("A starter reports why a program cannot be loaded, without details about itself", async () => {
  const thrown = await start(makeProgram(
    `throw Object.assign(new RangeError("Too many"), { code: "EMFILE" });`,
  ));
  assert(thrown.type === "failed");
  assertInstanceOf(thrown.error, Error);
  assertEquals(
    [String(thrown.error), Reflect.get(thrown.error, "code")],
    ["RangeError: Too many", "EMFILE"],
  );
  for (const program of ["file:///nowhere/worker.js", "/nowhere/worker.js"]) {
    const missing = await start(program);
    assert(missing.type === "failed");
    assert(missing.error.message.includes("/nowhere/worker.js"));
    assert(!missing.error.message.includes("data:"), missing.error.message);
  }
});

Deno.test("A starter accepts thrown values that are not errors, and truncates long texts", async () => {
  const text = await start(makeProgram(`throw "no error";`));
  assert(text.type === "failed");
  assertEquals(text.error.message, "no error");
  const nothing = await start(makeProgram("throw undefined;"));
  assert(nothing.type === "failed");
  const long = await start(makeProgram(
    String.raw`const all = "\u0000".repeat(1e6);
    throw Object.assign(new Error(all), { name: all, code: all });`,
  ));
  assert(long.type === "failed");
  assertEquals(long.error.message.length, 1000);
});

Deno.test("waitForStart returns when a stage exceeds its limit, in the starter or in the program", async () => {
  const begunAt = performance.now();
  assertEquals(waitForStart(starterMemory(), { ...PATIENT, beginMs: 200 }), {
    type: "created",
    limitMs: 200,
  });
  assert(performance.now() - begunAt > 190);
  const hanging = makeProgram(
    "setInterval(() => {}, 1000); await new Promise(() => {});",
  );
  assertEquals(await start(hanging, { ...PATIENT, loadMs: 200 }), {
    type: "begun",
    limitMs: 200,
  });
});

Deno.test("waitForStart does not take a late notification for the next stage", async () => {
  const memory = starterMemory();
  const source = `import { workerData } from "node:worker_threads";
    const header = new Int32Array(workerData, 0, 2);
    Atomics.store(header, 0, 1);
    for (let times = 0; times < 50; times++) {
      Atomics.notify(header, 0);
      Atomics.wait(header, 1, 0, 2);
    }
    Atomics.store(header, 0, 2);
    Atomics.notify(header, 0);`;
  const worker = new Worker(new URL(makeProgram(source)), {
    workerData: memory,
  });
  try {
    assertEquals(waitForStart(memory, PATIENT), { type: "ready" });
  } finally {
    await worker.terminate();
  }
});
