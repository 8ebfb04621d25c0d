import { assertEquals } from "@std/assert";
import {
  firstSentence,
  LLMS_FILE,
  writeLlms,
} from "../../scripts/docs/llms.ts";
import { ROOT_URL } from "../../scripts/project.ts";

Deno.test("llms.txt lists every page", async () => {
  assertEquals(
    await Deno.readTextFile(new URL(LLMS_FILE, ROOT_URL)),
    await writeLlms(),
  );
});

Deno.test("firstSentence returns the first sentence of a page's text", () => {
  const page = "---\nname: a\n---\n\n# A\n\n<!-- b -->\n\nOne [two](x.md)\n" +
    "three.js. Four.\n";
  assertEquals(firstSentence(page), "One two three.js.");
  assertEquals(firstSentence("# A\n\nOf `x`: all\n"), "Of `x`.");
  assertEquals(firstSentence("# A\n"), "");
});
