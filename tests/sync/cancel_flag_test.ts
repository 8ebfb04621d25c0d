import { assert, assertEquals, assertThrows } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { CancelFlag } from "../../sync.ts";
import { withinMinute } from "../../src/testing/waiting.ts";

Deno.test("CancelFlag stays set, for all flags that share its buffer", () => {
  const flag = new CancelFlag();
  const other = new CancelFlag(flag.buffer);
  assertEquals([flag.isSet, other.isSet], [false, false]);
  other.set();
  other.set();
  assertEquals([flag.isSet, other.isSet], [true, true]);
});

Deno.test("CancelFlag can be set by another thread", async () => {
  const flag = new CancelFlag();
  const module = import.meta.resolve("../../sync.ts");
  const source = `import { CancelFlag } from ${JSON.stringify(module)};
onmessage = ({ data }) => { new CancelFlag(data).set(); postMessage("set"); };`;
  const worker = new Worker(
    `data:text/javascript,${encodeURIComponent(source)}`,
    { type: "module" },
  );
  await withinMinute(
    "a word of the other thread",
    new Promise((resolve) => {
      worker.onmessage = resolve;
      worker.postMessage(flag.buffer);
    }),
  );
  worker.terminate();
  assert(flag.isSet);
});

Deno.test("CancelFlag.fromSignal is set when the signal aborts, or at once if it has aborted", () => {
  const controller = new AbortController();
  const flag = CancelFlag.fromSignal(controller.signal);
  assert(!flag.isSet);
  controller.abort();
  assert(flag.isSet);
  assert(CancelFlag.fromSignal(controller.signal).isSet);
});

Deno.test("A disposed CancelFlag no longer listens to its signal", () => {
  const controller = new AbortController();
  const removed: unknown[] = [];
  const { signal } = controller;
  const remove = signal.removeEventListener.bind(signal);
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    removed.push(args[0]);
    remove(...args);
  };
  const kept = CancelFlag.fromSignal(signal);
  kept[Symbol.dispose]();
  kept[Symbol.dispose]();
  assertEquals(removed, ["abort"]);
  controller.abort();
  assert(!kept.isSet);
});

Deno.test("CancelFlag rejects a value that is not the buffer of a flag", () => {
  const buffers: unknown[] = [
    new SharedArrayBuffer(2),
    new ArrayBuffer(4),
    "buffer",
    {},
    null,
  ];
  for (const buffer of buffers) {
    assertThrows(
      () => new CancelFlag(buffer as SharedArrayBuffer),
      CodexInputError,
    );
  }
});
