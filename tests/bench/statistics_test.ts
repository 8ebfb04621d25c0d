import { assertEquals } from "@std/assert";
import {
  median,
  pairedRatio,
  quantile,
  summarize,
} from "../../bench/support/statistics.ts";

Deno.test("median() takes the middle, or half-way between two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([]), NaN);
});

Deno.test("quantile() goes from the least to the most", () => {
  assertEquals(quantile([5, 1, 3], 0), 1);
  assertEquals(quantile([5, 1, 3], 1), 5);
  assertEquals(quantile([0, 10], 0.99), 9.9);
});

Deno.test("summarize() gives the quartiles", () => {
  assertEquals(summarize([1, 2, 3, 4, 5]), {
    median: 3,
    low: 2,
    high: 4,
    samples: 5,
  });
});

Deno.test("pairedRatio() does not mind a slow round", () => {
  assertEquals(pairedRatio([1, 100, 1], [2, 200, 2]), 0.5);
});
