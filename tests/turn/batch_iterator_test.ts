import { assertEquals, assertRejects } from "@std/assert";
import { BatchIterator } from "../../src/turn/batch_iterator.ts";

async function* batches(
  log: string[],
  failure?: Error,
): AsyncGenerator<number[], void, void> {
  try {
    yield [1, 2];
    yield [];
    yield [3];
    if (failure !== undefined) throw failure;
  } finally {
    await Promise.resolve();
    log.push("ended");
  }
}

Deno.test("BatchIterator yields the values of all batches, and stays done after that", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  const taken: number[] = [];
  for await (const value of values) taken.push(value);
  assertEquals(taken, [1, 2, 3]);
  assertEquals(log, ["ended"]);
  assertEquals(await values.next(), { done: true, value: undefined });
});

Deno.test("BatchIterator answers concurrent next() calls in order", async () => {
  const values = new BatchIterator(batches([]));
  const results = await Promise.all(
    Array.from({ length: 5 }, () => values.next()),
  );
  assertEquals(results.map(({ value }) => value), [
    ...[1, 2, 3],
    ...[undefined, undefined],
  ]);
});

Deno.test("BatchIterator yields the values before an error, throws the error once, and is then done", async () => {
  const values = new BatchIterator(batches([], new Error("broken")));
  const taken: number[] = [];
  await assertRejects(
    async () => {
      for await (const value of values) taken.push(value);
    },
    Error,
    "broken",
  );
  assertEquals(taken, [1, 2, 3]);
  assertEquals((await values.next()).done, true);
});

Deno.test("BatchIterator ends its batches on break, and is done after that", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  for await (const value of values) {
    if (value === 1) break;
  }
  assertEquals(log, ["ended"]);
  assertEquals((await values.next()).done, true);
});

Deno.test("BatchIterator.throw() ends its batches and rejects with the error", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  await values.next();
  await assertRejects(() => values.throw(new Error("mine")), Error, "mine");
  assertEquals(log, ["ended"]);
  assertEquals((await values.next()).done, true);
});

Deno.test("BatchIterator ends its batches when it is disposed", async () => {
  const log: string[] = [];
  {
    await using values = new BatchIterator(batches(log));
    await values.next();
  }
  assertEquals(log, ["ended"]);
});
