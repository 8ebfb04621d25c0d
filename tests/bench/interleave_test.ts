import { assertEquals } from "@std/assert";
import { interleave } from "../../bench/support/interleave.ts";

Deno.test("interleave() measures in turns, each round in another order", async () => {
  const order: string[] = [];
  const results = await interleave(["a", "b"], 3, (contender) => {
    order.push(contender);
    return Promise.resolve(order.length);
  });
  assertEquals(order.join(""), "abbaab");
  assertEquals(results, { a: [1, 4, 5], b: [2, 3, 6] });
});
