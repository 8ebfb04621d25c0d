import { assertEquals } from "@std/assert";
import { score } from "../../scripts/check_docs.ts";
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

Deno.test("countTests() counts tests and steps, and a test that failed by a step once", () => {
  assertEquals(countTests(REPORT, 1), { passed: 3, failed: 3 });
});

Deno.test("countTests() counts a failure that no test explains", () => {
  assertEquals(countTests("", 0), { passed: 0, failed: 0 });
  assertEquals(countTests("", 1), { passed: 0, failed: 1 });
});

Deno.test("closingLine() has the form that other tools read", () => {
  assertEquals(closingLine({ passed: 3, failed: 0 }), "3 passed, 0 failed");
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
