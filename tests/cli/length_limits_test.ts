import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  CodexConfigError,
  CodexInputError,
} from "../../src/errors/codex_error.ts";
import { CodexExecError } from "../../src/errors/turn_errors.ts";
import { explainTooLong, findTooLong } from "../../src/cli/length_limits.ts";
import type { CodexOptions } from "../../src/options/options.ts";
import { fakeCodex } from "../support/fake_codex.ts";
import { prepareTurn, take } from "../exec/transport_support.ts";

const LINUX = { platform: "linux", arch: "x64" };
const isLinux = Deno.build.os === "linux" && Deno.build.arch === "x86_64";

/** Settings that are too long together, although each is short enough. */
const MANY = Array.from(
  { length: 60 },
  (_, index) => `secret${index}="${"x".repeat(100_000 + index)}"`,
);

/**
 * Returns the error of a turn that could not be started, or `undefined` if it could.
 */
async function startError(options: CodexOptions): Promise<Error | undefined> {
  await using fake = await fakeCodex("cat > /dev/null");
  const { ending } = await take(prepareTurn(fake.path, {}, options));
  return ending.type === "not_started" ? ending.error : undefined;
}

// Facts R33.
Deno.test({
  name:
    "ExecTransport accepts the longest argument and variable that Linux does, and no longer ones",
  ignore: !isLinux,
  async fn() {
    // With the quotes and the name this is the longest argument; é has two bytes.
    const fits = "é".repeat(100) +
      "x".repeat(131_071 - 200 - 'model=""'.length);
    const variable = "x".repeat(131_071 - "VALUE=".length);
    assertEquals(await startError({ config: { model: fits } }), undefined);
    assertEquals(
      await startError({ env: { VALUE: variable }, envMode: "merge" }),
      undefined,
    );

    const setting = await startError({ config: { model: `${fits}x` } });
    assertInstanceOf(setting, CodexConfigError);
    assertEquals(setting.path, "model");
    assertEquals(
      setting.message,
      "config.model is too long to start the CLI with: it takes 131,072 bytes, and Linux allows an argument or a variable at most 131,071 bytes; shorten it, or write it into config.toml; put long instructions into a file (model_instructions_file)",
    );
    const raw = await startError({
      configOverrides: ["a=1", `model="${fits}x"`],
    });
    assertInstanceOf(raw, CodexInputError);
    assertEquals(raw.path, "configOverrides[1]");
    const named = await startError({ env: { VALUE: `${variable}x` } });
    assertInstanceOf(named, CodexInputError);
    assertEquals(named.path, 'env["VALUE"]');
    assertMatch(named.message, /^env\["VALUE"\] is too long .*; shorten it$/);
    const key = await startError({ apiKey: "k".repeat(131_072) });
    assertInstanceOf(key, CodexInputError);
    assertEquals(key.path, "apiKey");
  },
});

Deno.test({
  name:
    "ExecTransport names the longest value if all together are too long, and keeps the system's error",
  ignore: !isLinux,
  async fn() {
    const error = await startError({ configOverrides: MANY });
    assertInstanceOf(error, CodexInputError);
    assertEquals(error.path, "configOverrides[59]");
    assertMatch(
      error.message,
      /it takes 100,\d{3} bytes of 6,\d{3},\d{3} bytes of arguments and variables, and this system does not allow that much/,
    );
    assertInstanceOf(error.cause, CodexExecError);
    assertEquals(/secret|xxx/.test(error.message), false);
  },
});

Deno.test("findTooLong names options, and settings by their path", () => {
  const long = "x".repeat(200_000);
  const of = (...args: string[]) =>
    findTooLong({ options: {}, args }, LINUX)?.message ?? "";
  assertMatch(of("--model", long), /^model is too long/);
  assertMatch(of("--add-dir", long), /^additionalDirectories is too long/);
  assertMatch(of("--config", `openai_base_url="${long}"`), /^baseUrl is/);
  assertMatch(of("--config", `a.b="${long}"`), /^config\.a\.b is/);
  assertEquals(of("--model", "m"), "");
});

Deno.test("findTooLong finds nothing for systems with other page sizes", () => {
  const args = ["--model", "x".repeat(200_000)];
  for (const [platform, arch] of [["linux", "arm64"], ["freebsd", "x64"]]) {
    const system = { platform: String(platform), arch: String(arch) };
    assertEquals(findTooLong({ options: {}, args }, system), undefined);
  }
});

Deno.test("findTooLong counts everything that macOS limits together", () => {
  const system = { platform: "darwin", arch: "arm64" };
  const find = (length: number) =>
    findTooLong({
      options: { env: { A: "x".repeat(length), B: undefined } },
      args: ["--model", "x".repeat(500_000)],
    }, system);
  // "--model", the model and "A=", each followed by a NUL.
  assertEquals(find(1_048_576 - 8 - 500_001 - 3), undefined);
  const error = find(1_048_577 - 8 - 500_001 - 3);
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.path, 'env["A"]');
  assertStringIncludes(error.message, "macOS allows at most 1,048,576 bytes");
});

Deno.test("explainTooLong adds up everything that one option sends", () => {
  const options = { env: { LONG: "x".repeat(90_000) } };
  const images = Array.from(
    { length: 1000 },
    (_, index) => ["--image", `/images/${"x".repeat(100)}${index}.png`],
  ).flat();
  const error = explainTooLong({ options, args: images }, undefined);
  assertInstanceOf(error, CodexInputError);
  assertEquals(error.path, "input");
});

Deno.test("findTooLong counts characters on Windows, for the line of all arguments and for each variable", () => {
  const system = { platform: "win32", arch: "x64" };
  const find = (args: string[], env = {}) =>
    findTooLong({ options: { env }, args }, system);
  assertEquals(find(["x".repeat(16_000), "é".repeat(16_000)]), undefined);
  const line = find(["exec", "--model", "x".repeat(33_000)]);
  assertInstanceOf(line, CodexInputError);
  assertEquals(line.path, "model");
  assertStringIncludes(line.message, "a command line of 33,014 characters");
  const variable = find([], { PATHS: "x".repeat(32_768) });
  assertInstanceOf(variable, CodexInputError);
  assertEquals(variable.path, 'env["PATHS"]');
});

Deno.test("findTooLong counts the program, quotes and final NUL of a Windows command line", () => {
  const system = { platform: "win32", arch: "x64" };
  const isTooLong = (program: string, ...args: string[]): boolean =>
    findTooLong({ options: {}, args, program }, system) !== undefined;
  const program = "C:\\a b\\codex.exe";
  // "C:\a b\codex.exe" in quotes, a space, and the NUL.
  const rest = 32_767 - (program.length + 2) - 2;
  assertEquals(isTooLong(program, "x".repeat(rest)), false);
  assertEquals(isTooLong(program, "x".repeat(rest + 1)), true);
  assertEquals(isTooLong(program, '"'.repeat(rest / 2)), true);
  assertEquals(isTooLong(program, '"'.repeat(rest / 2 - 2)), false);
});

Deno.test("explainTooLong returns nothing if the host's own environment is too long", () => {
  const input = { options: { env: { A: "b" } }, args: ["exec"] };
  assertEquals(explainTooLong(input, undefined), undefined);
  const args = ["--config", `a="${"x".repeat(70_000)}"`];
  assert(explainTooLong({ options: {}, args }, undefined) !== undefined);
});
