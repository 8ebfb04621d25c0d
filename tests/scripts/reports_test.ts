import { assertEquals } from "@std/assert";
import { docProblems } from "../../scripts/check_docs.ts";
import { closingLine, countTests } from "../../scripts/junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="8" failures="3" errors="1" time="0.1">
  <testsuite name="./a_test.ts" tests="7" disabled="1" errors="1" failures="3">
    <testcase name="one" classname="./a_test.ts" time="0.1" line="1" col="1">
    </testcase>
    <testcase name="ignored" classname="./a_test.ts" time="0" line="2" col="1">
      <skipped/>
    </testcase>
    <testcase name="steps" classname="./a_test.ts" time="0" line="3" col="1">
      <failure message="1 test step failed">1 test step failed &lt;/testcase&gt;</failure>
    </testcase>
    <testcase name="steps &gt; a" classname="./a_test.ts" time="0" line="4" col="1">
      <failure message="x">x</failure>
    </testcase>
    <testcase name="steps &gt; b" classname="./a_test.ts" time="0" line="4" col="1">
    </testcase>
    <testcase name="cancelled" classname="./a_test.ts" time="0" line="5" col="1">
      <error message="Cancelled"/>
    </testcase>
    <testcase name="leaks" classname="./a_test.ts" time="0" line="6" col="1">
      <failure message="Leaks detected">Leaks detected</failure>
    </testcase>
  </testsuite>
  <testsuite name="./b_test.ts" tests="1" disabled="0" errors="0" failures="0">
    <testcase name="&lt;skipped/&gt;" classname="./b_test.ts" time="0" line="1" col="1"/>
  </testsuite>
</testsuites>`;

Deno.test("countTests() counts tests and steps, and a test that failed because of a step once", () => {
  assertEquals(countTests(REPORT, 1), { passed: 3, failed: 3 });
});

Deno.test("countTests() counts a failure that belongs to no test", () => {
  assertEquals(countTests("", 0), { passed: 0, failed: 0 });
  assertEquals(countTests("", 1), { passed: 0, failed: 1 });
});

Deno.test("closingLine() returns the form that other tools read", () => {
  assertEquals(closingLine({ passed: 3, failed: 0 }), "3 passed, 0 failed");
});

Deno.test("docProblems() reports what costs points on JSR", () => {
  const example = "Text\n\n```ts\n1;\n```\n";
  const doc = "/**\n * What it is.\n *\n * @module\n */\n";
  const main = { path: "mod.ts", text: doc, names: ["a", "b", "c", "d"] };
  const other = { path: "other.ts", text: doc, names: ["a"] };
  assertEquals(docProblems(example, [main]), []);
  assertEquals(docProblems("Text", [main]), ["README.md holds no example"]);
  for (const text of ["", "/** What it is. */\n/** @module */", `1;\n${doc}`]) {
    assertEquals(docProblems(example, [{ ...main, text }]), [
      "mod.ts does not begin with a module doc",
    ]);
  }
  // One of five repeated leaves 80 %; two of six are too many.
  assertEquals(docProblems(example, [main, other]), []);
  assertEquals(docProblems(example, [main, { ...other, names: ["a", "b"] }]), [
    "of 6 exports too many are there twice: a,b",
  ]);
  assertEquals(docProblems(example, []), [
    "of 0 exports too many are there twice: ",
  ]);
});
