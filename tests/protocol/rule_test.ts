import { assertEquals } from "@std/assert";
import {
  list,
  number,
  object,
  optional,
  record,
  type Rule,
  text,
} from "../../src/protocol/rule.ts";

/** A rule that counts the values it checks. */
function counted<T>(rule: Rule<T>): { rule: Rule<T>; count: () => number } {
  let count = 0;
  return {
    rule: {
      matches(value): value is T {
        count++;
        return rule.matches(value);
      },
      issues: rule.issues,
    },
    count: () => count,
  };
}

/** Returns the first issues, at most `count` of them. */
function readFirst<T>(many: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const each of many) {
    first.push(each);
    if (first.length === count) break;
  }
  return first;
}

Deno.test("a rule reads a list or record only as far as issues are requested", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index);
  for (
    const [make, value] of [
      [list, numbers],
      [record, Object.fromEntries(numbers.map((each) => [`k${each}`, each]))],
    ] as const
  ) {
    const { rule, count } = counted(text);
    const whole = make(rule);
    assertEquals(whole.matches(value), false);
    assertEquals(count(), 1);
    const issues = readFirst(whole.issues(value, ["a"]), 3);
    assertEquals(
      issues.map(({ path }) => path.at(-1)?.replace("k", "")),
      ["0", "1", "2"],
    );
    assertEquals(count(), 4);
  }
});

Deno.test("a rule skips valid values on its way to invalid ones", () => {
  const rule = list(object<{ a: string; b?: number }>({
    a: text,
    b: optional(number),
  }));
  const value = [{ a: "" }, { a: "", b: 1 }, { a: 1, b: "" }, {}];
  assertEquals([...rule.issues(value, [])], [
    {
      path: ["2", "a"],
      message: "Invalid input: expected string, received number",
    },
    {
      path: ["2", "b"],
      message: "Invalid input: expected number, received string",
    },
    {
      path: ["3", "a"],
      message: "Invalid input: expected string, received undefined",
    },
  ]);
});

Deno.test("a record checks the value of every own key, whatever its name", () => {
  const rule = record(text);
  const value = JSON.parse('{"__proto__":1,"constructor":"","toString":2}');
  assertEquals(rule.matches(value), false);
  assertEquals([...rule.issues(value, [])].map(({ path }) => path), [
    ["__proto__"],
    ["toString"],
  ]);
  assertEquals(rule.matches({}), true);
});

Deno.test("a list rejects holes", () => {
  assertEquals(list(text).matches(new Array(1)), false);
});
