import { assertEquals } from "@std/assert";
import { PartialLine } from "../../src/stream/partial_line.ts";
import { utf8 } from "./support.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

Deno.test("PartialLine returns what was pushed since the last line, once", () => {
  const line = new PartialLine();
  line.push(utf8("on"));
  line.push(utf8("e"));
  assertEquals([line.length, line.take(DECODER)], [3, "one"]);
  line.push(utf8("two"));
  assertEquals([line.take(DECODER), line.take(DECODER)], ["two", ""]);
});

Deno.test("PartialLine copies bytes, which the caller may change afterwards", () => {
  const line = new PartialLine();
  const bytes = utf8("one");
  line.push(bytes);
  bytes.fill(0);
  assertEquals(line.take(DECODER), "one");
});

Deno.test("PartialLine accepts lines of any length, and short ones after long ones", () => {
  const line = new PartialLine();
  for (const length of [65_535, 65_536, 65_537, 1_000_000, 5, 300_000]) {
    const text = "é".repeat(length);
    const bytes = utf8(text);
    for (let start = 0; start < bytes.length; start += 4093) {
      line.push(bytes.subarray(start, start + 4093));
    }
    assertEquals(line.length, bytes.length);
    assertEquals(line.take(DECODER) === text, true);
    assertEquals(line.length, 0);
  }
});
