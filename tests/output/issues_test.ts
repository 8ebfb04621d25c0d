import { assertEquals } from "@std/assert";
import { describeIssues } from "../../src/output/issues.ts";

const ISSUE = { path: "/a/0", message: "must be even" };

Deno.test("describeIssues describes the first issue with its path, and counts the others", () => {
  const whole = { path: "", message: "must be an object." };
  assertEquals(describeIssues([ISSUE]), 'at "/a/0": must be even');
  assertEquals(describeIssues([whole]), "must be an object");
  assertEquals(
    describeIssues([ISSUE, whole]),
    'at "/a/0": must be even (and 1 more issue)',
  );
  assertEquals(
    describeIssues([ISSUE, whole, whole]),
    'at "/a/0": must be even (and 2 more issues)',
  );
  assertEquals(describeIssues([]), "it does not say why");
});

Deno.test("describeIssues truncates long paths and messages", () => {
  const long = "x".repeat(10_000);
  const text = describeIssues([{ path: long, message: long }]);
  assertEquals(text.length < 1000, true, `${text.length} characters`);
});
