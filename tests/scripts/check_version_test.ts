import { assertEquals } from "@std/assert";
import { versionProblems } from "../../scripts/check_version.ts";

function problems(
  version: string,
  range: string,
  inCode = version,
  changelog = "# Changelog\n\n## Unreleased\n",
): string[] {
  const imports = { "@openai/codex": `npm:@openai/codex@${range}` };
  return versionProblems({ project: { version, imports }, inCode, changelog });
}

Deno.test("a version must match the CLI's minor version, and may have any patch number", () => {
  assertEquals(problems("0.169.0", "^0.169.0"), []);
  assertEquals(problems("0.169.12", "^0.169.3"), []);
  for (
    const [version, range] of [
      ["0.1.0", "^0.169.0"],
      ["0.170.0", "^0.169.0"],
      ["0.169.0", "^0.171.0"],
    ] as const
  ) {
    const [problem = "", ...others] = problems(version, range);
    assertEquals(others, []);
    assertEquals(problem.includes("is not on the line of the CLI"), true);
  }
});

Deno.test("a range other than ^X.Y.Z is rejected", () => {
  for (const range of [">=0.169.0", "0.169", "^0.169", "*"]) {
    assertEquals(problems("0.169.0", range), [
      `The range of @openai/codex in deno.json is no ^X.Y.Z: npm:@openai/codex@${range}`,
    ]);
  }
});

Deno.test("the code and the changelog must name the version", () => {
  assertEquals(problems("0.169.1", "^0.169.0", "0.169.0"), [
    "src/util/version.ts says 0.169.0, deno.json 0.169.1",
  ]);
  const released = (version: string): string =>
    `# Changelog\n\n## ${version}\n\n- A change.\n`;
  assertEquals(
    problems("0.169.1", "^0.169.0", "0.169.1", released("0.169.1")),
    [],
  );
  assertEquals(
    problems("0.169.1", "^0.169.0", "0.169.1", released("0.169.0")),
    ["CHANGELOG.md does not know 0.169.1"],
  );
});
