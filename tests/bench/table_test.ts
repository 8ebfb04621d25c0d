import { assertEquals } from "@std/assert";
import { isMet, type Row } from "../../bench/support/row.ts";
import { formatTable, number } from "../../bench/support/table.ts";

const ROW: Row = {
  bar: 1,
  what: "events",
  runtime: "deno",
  unit: "ms",
  acodex: { median: 12.34, low: 12, high: 13, samples: 3 },
  against: { name: "official", median: 10, low: 10, high: 10, samples: 3 },
  value: 1.234,
  limit: 1.25,
};

Deno.test("formatTable() gives a line for each row and failure", () => {
  const [head, rule, row, failure] = formatTable([ROW], [
    { bar: 2, what: "lines", runtime: "bun", error: "no\nluck" },
  ]).map((line) => line.replaceAll(/ +/g, " "));
  assertEquals(
    head,
    "| bar | what | runtime | acodex | against | value | limit | |",
  );
  assertEquals(rule?.replaceAll(/-+/g, "-"), `|${" - |".repeat(8)}`);
  assertEquals(
    row,
    "| 1 | events | deno | 12.3 (12.0–13.0) ms | official 10.0 ms | 1.23 | ≤ 1.25 | met |",
  );
  assertEquals(failure, "| 2 | lines | bun | | | | | FAILED: no |");
});

Deno.test("isMet() tells nothing without a bar", () => {
  assertEquals(isMet(ROW), true);
  assertEquals(isMet({ ...ROW, value: 1.26 }), false);
  assertEquals(isMet({ ...ROW, limit: undefined }), undefined);
  assertEquals(isMet({ ...ROW, value: NaN }), false);
});

Deno.test("number() shows the digits that count", () => {
  assertEquals(
    [1234.5, 12.345, 1.2345, 0.01234, 0, NaN].map(number),
    ["1235", "12.3", "1.23", "0.0123", "0.00", "?"],
  );
});
