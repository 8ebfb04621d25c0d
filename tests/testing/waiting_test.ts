import { assertEquals, assertRejects } from "@std/assert";
import { until, within } from "../../src/testing/waiting.ts";

Deno.test("until asks again until there is an answer, or the time is up", async () => {
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

Deno.test("within gives what a promise gives, or fails when the time is up", async () => {
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
