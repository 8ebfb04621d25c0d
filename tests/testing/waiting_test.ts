import { assertEquals, assertRejects } from "@std/assert";
import { until, within } from "../../src/testing/waiting.ts";

Deno.test("until polls until there is an answer, or fails after the time limit", async () => {
  let asked = 0;
  assertEquals(
    await until("three", () => ++asked === 3 ? asked : undefined),
    3,
  );
  await assertRejects(
    () => until("the moon", () => undefined, 30),
    Error,
    "0.03 s: the moon",
  );
});

Deno.test("within settles as its promise does, or fails after the time limit", async () => {
  assertEquals(await within(60_000, "it", Promise.resolve("here")), "here");
  const mine = new TypeError("mine");
  await assertRejects(
    () => within(60_000, "it", Promise.reject(mine)),
    TypeError,
    "mine",
  );
  await assertRejects(
    () => within(30, "the moon", new Promise(() => {})),
    Error,
    "0.03 s: the moon",
  );
});
