import { assertEquals } from "@std/assert";
import { isOlder, parseCliVersion } from "../../src/cli/cli_version.ts";

Deno.test("parseCliVersion reads the CLI's output", () => {
  const texts: readonly (readonly [string, string | null])[] = [
    ["codex-cli 0.169.0\n", "0.169.0"],
    ["codex-cli 0.170.0-alpha.3\r\n", "0.170.0-alpha.3"],
    ["WARNING: something\ncodex-cli 1.2.3\n", "1.2.3"],
    ["codex 0.104.0", "0.104.0"],
    // A build from source: it may have any option.
    ["codex-cli 0.0.0\n", null],
    ["", null],
    ["0.169.0", null],
    ["codex-cli", null],
    ["codex-cli 0.169", null],
    ["my-codex-cli 0.169.0", null],
    ["codex-cli 99999999999999999999.0.0", null],
    ["x".repeat(100_000), null],
  ];
  for (const [printed, text] of texts) {
    assertEquals(parseCliVersion(printed), text, printed.slice(0, 40));
  }
});

Deno.test("isOlder compares numbers, not strings, and treats a pre-release as its release", () => {
  assertEquals(isOlder("0.99.0", "0.104.0"), true);
  assertEquals(isOlder("0.104.0", "0.104.0"), false);
  assertEquals(isOlder("0.104.1", "0.104.0"), false);
  assertEquals(isOlder("1.0.0", "0.169.0"), false);
  assertEquals(isOlder("0.154.0-alpha.1", "0.154.0"), false);
  assertEquals(isOlder("0.153.4", "0.154.0"), true);
});
