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

Deno.test("BatchIterator gives the values of all batches, then the end again and again", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  const taken: number[] = [];
  for await (const value of values) taken.push(value);
  assertEquals(taken, [1, 2, 3]);
  assertEquals(log, ["ended"]);
  assertEquals(await values.next(), { done: true, value: undefined });
});

Deno.test("BatchIterator keeps the order of what is asked for at the same time", async () => {
  const values = new BatchIterator(batches([]));
  const results = await Promise.all(
    Array.from({ length: 5 }, () => values.next()),
  );
  assertEquals(results.map(({ value }) => value), [
    ...[1, 2, 3],
    ...[undefined, undefined],
  ]);
});

Deno.test("BatchIterator gives the values before an error, the error once, then the end", async () => {
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

Deno.test("BatchIterator ends its batches when it is left, and gives nothing after that", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  for await (const value of values) {
    if (value === 1) break;
  }
  assertEquals(log, ["ended"]);
  assertEquals((await values.next()).done, true);
});

Deno.test("BatchIterator hands an error to its batches, and fails with it", async () => {
  const log: string[] = [];
  const values = new BatchIterator(batches(log));
  await values.next();
  await assertRejects(() => values.throw(new Error("mine")), Error, "mine");
  assertEquals(log, ["ended"]);
  assertEquals((await values.next()).done, true);
});

Deno.test("BatchIterator is disposed of by ending its batches", async () => {
  const log: string[] = [];
  {
    await using values = new BatchIterator(batches(log));
    await values.next();
  }
  assertEquals(log, ["ended"]);
});
