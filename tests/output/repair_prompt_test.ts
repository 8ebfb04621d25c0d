import { assertEquals } from "@std/assert";
import { repairPrompt } from "../../src/output/repair_prompt.ts";

Deno.test("repairPrompt names each issue's path in the answer as it was sent", () => {
  const issues = [
    { path: "/0/n", message: "expected a number" },
    { path: "", message: "too short" },
  ];
  assertEquals(
    repairPrompt(issues, "/value"),
    `Your last answer is not what was asked for:
- /value/0/n: expected a number
- /value: too short
Give the whole answer again, corrected, as JSON and nothing else.`,
  );
  assertEquals(
    repairPrompt(issues.slice(1), "").includes("- the answer: too short"),
    true,
  );
});

Deno.test("repairPrompt limits the number of issues and their lengths", () => {
  const issues = Array.from({ length: 1000 }, (_, index) => ({
    path: `/${index}`,
    message: "x".repeat(100_000),
  }));
  const prompt = repairPrompt(issues, "");
  assertEquals(prompt.length < 20_000, true);
  assertEquals(prompt.includes("- and 980 more"), true);
});
