import { assertEquals, assertRejects } from "@std/assert";
import { InOrder } from "../../src/util/serial_queue.ts";

Deno.test("InOrder begins at once where nothing is under way, and else after what came before", async () => {
  const order = new InOrder();
  const log: string[] = [];
  const first = Promise.withResolvers<string>();
  const step =
    (name: string, value: Promise<string>) => (): Promise<string> => {
      log.push(name);
      return value;
    };
  const one = order.do(step("one", first.promise));
  const two = order.do(step("two", Promise.resolve("2")));
  assertEquals([log, order.isIdle], [["one"], false]);
  first.resolve("1");
  assertEquals([await one, await two], ["1", "2"]);
  assertEquals([log, order.isIdle], [["one", "two"], true]);
});

Deno.test("InOrder goes on after what has failed", async () => {
  const order = new InOrder();
  const failed = order.do(() => Promise.reject(new Error("no")));
  const next = order.do(() => Promise.resolve("yes"));
  await assertRejects(() => failed, Error, "no");
  assertEquals([await next, order.isIdle], ["yes", true]);
});
