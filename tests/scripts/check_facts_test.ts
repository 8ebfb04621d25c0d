import { assertEquals } from "@std/assert";
import { factProblems } from "../../scripts/check_facts.ts";

/** A page with one fact, whose last cell says where. */
function page(where: string): string {
  return `# Facts

| #  | fact        | so   | where |
| -- | ----------- | ---- | ----- |
| F1 | It \`reads\`. | wait | ${where} |
`;
}

/** Two files that name the fact, and what else stands in the source. */
function code(more = ""): Map<string, string> {
  return new Map([
    ["src/a.ts", `// It reads (facts F1).\n${more}`],
    ["tests/a_test.ts", "// Facts F1.\n"],
    ["tests/c_test.ts", "// It names none.\n"],
  ]);
}

const GOOD = "`src/a.ts`, `tests/a_test.ts`";

const CASES: readonly [what: string, where: string, problems: string[]][] = [
  ["a source and a test that name it", GOOD, []],
  [
    "reasons in their place",
    "not relied on: nobody asks; not tested: it takes a day",
    [],
  ],
  ["a source alone", "`src/a.ts`", ['F1: no test, and no "not tested: …"']],
  [
    "a test alone",
    "`tests/a_test.ts`",
    ['F1: no source, and no "not relied on: …"'],
  ],
  ["nothing", "", [
    'F1: no source, and no "not relied on: …"',
    'F1: no test, and no "not tested: …"',
  ]],
  ["a reason without a word", "`src/a.ts`, not tested: ", [
    'F1: no test, and no "not tested: …"',
  ]],
  ["a file that is not there", "`src/a.ts`, `tests/d_test.ts`", [
    "F1: no file tests/d_test.ts",
  ]],
  ["a file that does not name it", "`src/a.ts`, `tests/c_test.ts`", [
    "F1: tests/c_test.ts does not name it",
  ]],
];

for (const [what, where, problems] of CASES) {
  Deno.test(`factProblems() judges a fact with ${what}`, () => {
    assertEquals(factProblems(page(where), code()), problems);
  });
}

Deno.test("factProblems() finds a number that is no fact, and its line", () => {
  const unknown = `F${10}`;
  assertEquals(
    factProblems(page(GOOD), code(`\n// See ${unknown} and F1.\n`)),
    [`src/a.ts:3: no fact ${unknown}`],
  );
});

Deno.test("factProblems() tells a number from one that it begins", () => {
  const files = new Map([
    ["src/a.ts", "// Facts F1.\n"],
    ["tests/a_test.ts", `// Facts F${10}.\n`],
  ]);
  assertEquals(factProblems(page(GOOD), files), [
    "F1: tests/a_test.ts does not name it",
    `tests/a_test.ts:1: no fact F${10}`,
  ]);
});

Deno.test("factProblems() finds a page without facts", () => {
  assertEquals(factProblems("# Facts\n", new Map()), [
    "docs/facts.md holds no facts",
  ]);
});
