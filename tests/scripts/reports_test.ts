import { assertEquals } from "@std/assert";
import { score } from "../../scripts/check_docs.ts";
import { closingLine, countTests } from "../../scripts/junit.ts";
import { lineRanges, parseLcov, percentCovered } from "../../scripts/lcov.ts";

Deno.test("countTests() counts tests and leaves their steps out", () => {
  const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="2" errors="1" time="0.1">
  <testsuite name="./a_test.ts" tests="5" disabled="1" errors="1" failures="1">
    <testcase name="one" classname="./a_test.ts" time="0.1" line="1" col="1">
    </testcase>
    <testcase name="ignored" classname="./a_test.ts" time="0" line="2" col="1">
      <skipped/>
    </testcase>
    <testcase name="steps" classname="./a_test.ts" time="0" line="3" col="1">
      <failure message="1 test step failed">1 test step failed &lt;/testcase&gt;</failure>
    </testcase>
    <testcase name="steps &gt; a &gt; b" classname="./a_test.ts" time="0" line="4" col="1">
      <failure message="x">x</failure>
    </testcase>
    <testcase name="cancelled" classname="./a_test.ts" time="0" line="5" col="1">
      <error message="Cancelled"/>
    </testcase>
  </testsuite>
  <testsuite name="./b_test.ts" tests="1" disabled="0" errors="0" failures="0">
    <testcase name="a &gt; b is no step" classname="./b_test.ts" time="0" line="1" col="1"/>
  </testsuite>
</testsuites>`;
  assertEquals(countTests(report), { passed: 2, failed: 2, skipped: 1 });
});

Deno.test("countTests() finds nothing in an empty report", () => {
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
});

Deno.test("closingLine() names skipped tests only when there are some", () => {
  assertEquals(
    closingLine({ passed: 3, failed: 0, skipped: 0 }),
    "3 passed, 0 failed",
  );
  assertEquals(
    closingLine({ passed: 3, failed: 1, skipped: 2 }),
    "3 passed, 1 failed, 2 skipped",
  );
});

Deno.test("parseLcov() reads the lines of each file, and drops files of types", () => {
  const files = parseLcov(
    "SF:/p/src/a.ts\nFN:2,a\nDA:2,1\nDA:3,0\nDA:4,0\nDA:9,0\nend_of_record\n" +
      "SF:/p/src/types.ts\nLF:0\nend_of_record\n",
  );
  assertEquals(files, [{
    path: "/p/src/a.ts",
    covered: 1,
    total: 4,
    missed: [3, 4, 9],
  }]);
  assertEquals(percentCovered(files), 25);
  assertEquals(percentCovered([]), 0);
});

Deno.test("lineRanges() joins neighbours", () => {
  assertEquals(lineRanges([3, 4, 5, 9, 11, 12]), "3-5, 9, 11-12");
  assertEquals(lineRanges([]), "");
});

Deno.test("score() gives the points that JSR gives", () => {
  const symbol = (name: string, isDocumented: boolean) => ({
    name,
    declarations: [{
      declarationKind: "export",
      kind: "function",
      ...isDocumented ? { jsDoc: { doc: name } } : {},
    }],
  });
  const points = (
    nodes: Parameters<typeof score>[0],
    readme: string | undefined,
  ) => score(nodes, "file:///mod.ts", readme).map((line) => line.points);
  const example = "Text\n\n```ts\n1;\n```\n";

  const full = {
    "file:///mod.ts": {
      module_doc: { doc: "Main" },
      symbols: [symbol("a", true)],
    },
    "file:///b.ts": { module_doc: { doc: "B" }, symbols: [symbol("b", true)] },
  };
  assertEquals(points(full, example), [2, 1, 1, 5]);
  assertEquals(points(full, undefined), [2, 0, 1, 5]);

  const poor = {
    "file:///mod.ts": { symbols: [symbol("a", true), symbol("c", false)] },
    "file:///b.ts": { symbols: [] },
  };
  assertEquals(points(poor, "No code"), [2, 0, 0, 3]);
  assertEquals(points(poor, undefined), [0, 0, 0, 3]);
});

Deno.test("score() counts overloads one by one, without their implementation", () => {
  const overload = (jsDoc: { doc: string } | undefined, hasBody: boolean) => ({
    declarationKind: "export",
    kind: "function",
    jsDoc,
    def: { hasBody },
  });
  const declarations = [
    overload({ doc: "One" }, false),
    overload(undefined, false),
    overload(undefined, true),
  ];
  const nodes = {
    "file:///mod.ts": { symbols: [{ name: "run", declarations }] },
  };
  const line = score(nodes, "file:///mod.ts", "").at(-1);
  assertEquals(line?.what, "documented symbols: 1 of 2 (missing: run)");
});

Deno.test("score() counts a name that two entries export as JSR does: undocumented", () => {
  const declaration = (kind: string, jsDoc?: { doc: string }) => ({
    declarationKind: "export",
    kind,
    jsDoc,
  });
  const documented = declaration("interface", { doc: "A" });
  const nodes = {
    "file:///mod.ts": { symbols: [{ name: "A", declarations: [documented] }] },
    "file:///b.ts": {
      module_doc: { doc: "B" },
      symbols: [{ name: "A", declarations: [declaration("reference")] }],
    },
  };
  const line = score(nodes, "file:///mod.ts", "").at(-1);
  assertEquals(
    line?.what,
    "documented symbols: 1 of 2 (missing: A, a second time)",
  );
});
