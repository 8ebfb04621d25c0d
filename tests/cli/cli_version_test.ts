import { assertEquals } from "@std/assert";
import { isOlder, parseCliVersion } from "../../src/cli/cli_version.ts";

Deno.test("parseCliVersion reads what the CLI prints", () => {
  assertEquals(parseCliVersion("codex-cli 0.169.0\n"), {
    text: "0.169.0",
    numbers: [0, 169, 0],
  });
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["codex-cli 0.170.0-alpha.3\r\n", "0.170.0-alpha.3"],
    ["WARNING: something\ncodex-cli 1.2.3\n", "1.2.3"],
    ["codex 0.104.0", "0.104.0"],
    // Built from the sources: it may have anything.
    ["codex-cli 0.0.0\n", undefined],
    ["", undefined],
    ["0.169.0", undefined],
    ["codex-cli", undefined],
    ["codex-cli 0.169", undefined],
    ["my-codex-cli 0.169.0", undefined],
    ["codex-cli 99999999999999999999.0.0", undefined],
    ["x".repeat(100_000), undefined],
  ];
  for (const [printed, text] of texts) {
    assertEquals(parseCliVersion(printed)?.text, text, printed.slice(0, 40));
  }
});

Deno.test("isOlder compares numbers, not texts, and takes a pre-release for its release", () => {
  const isOlderThan = (text: string, than: string): boolean => {
    const version = parseCliVersion(`codex-cli ${text}`);
    if (version === null) throw new Error(`${text} is no version`);
    return isOlder(version, than);
  };
  assertEquals(isOlderThan("0.99.0", "0.104.0"), true);
  assertEquals(isOlderThan("0.104.0", "0.104.0"), false);
  assertEquals(isOlderThan("0.104.1", "0.104.0"), false);
  assertEquals(isOlderThan("1.0.0", "0.169.0"), false);
  assertEquals(isOlderThan("0.154.0-alpha.1", "0.154.0"), false);
  assertEquals(isOlderThan("0.153.4", "0.154.0"), true);
});
