import { assertEquals } from "@std/assert";
import { factProblems } from "../../scripts/check_facts.ts";

/** Returns a page with one fact and its last cell. */
function page(where: string): string {
  return `# Facts

| #  | fact        | so   | where |
| -- | ----------- | ---- | ----- |
| F1 | It \`reads\`. | wait | ${where} |
`;
}

/** Returns files, two of which name the fact; `more` is added to the source. */
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
    "reasons instead of files",
    "not relied on: nobody asks; not tested: it takes a day",
    [],
  ],
  ["a source only", "`src/a.ts`", ['F1: no test, and no "not tested: …"']],
  [
    "a test only",
    "`tests/a_test.ts`",
    ['F1: no source, and no "not relied on: …"'],
  ],
  ["nothing", "", [
    'F1: no source, and no "not relied on: …"',
    'F1: no test, and no "not tested: …"',
  ]],
  ["a reason without text", "`src/a.ts`, not tested: ", [
    'F1: no test, and no "not tested: …"',
  ]],
  ["a missing file", "`src/a.ts`, `tests/d_test.ts`", [
    "F1: no file tests/d_test.ts",
  ]],
  ["a file that does not name it", "`src/a.ts`, `tests/c_test.ts`", [
    "F1: tests/c_test.ts does not name it",
  ]],
];

for (const [what, where, problems] of CASES) {
  Deno.test(`factProblems() checks a fact with ${what}`, () => {
    assertEquals(factProblems(page(where), code()), problems);
  });
}

Deno.test("factProblems() reports an unknown fact, with its line", () => {
  const unknown = `F${10}`;
  assertEquals(
    factProblems(page(GOOD), code(`\n// See ${unknown} and F1.\n`)),
    [`src/a.ts:3: no fact ${unknown}`],
  );
});

Deno.test("factProblems() distinguishes a number from a longer one that begins with it", () => {
  const files = new Map([
    ["src/a.ts", "// Facts F1.\n"],
    ["tests/a_test.ts", `// Facts F${10}.\n`],
  ]);
  assertEquals(factProblems(page(GOOD), files), [
    "F1: tests/a_test.ts does not name it",
    `tests/a_test.ts:1: no fact F${10}`,
  ]);
});

Deno.test("factProblems() reports a page without facts", () => {
  assertEquals(factProblems("# Facts\n", new Map()), [
    "docs/facts.md holds no facts",
  ]);
});
