import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeProgram } from "../../src/testing/fake.ts";
import { SLEEP } from "../../src/testing/waiting.ts";
import { type ChildOptions, makeBench } from "./scoped_deno.ts";

/** Tells whether a program runs here, such as util-linux's `script`. */
function has(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args }).outputSync().success;
  } catch {
    return false;
  }
}

const hasTerminals = Deno.build.os === "linux" && has("script", "--version");

const SCHEMA = { outputSchema: { type: "object" } };

// Facts R31.
/**
 * A turn at a terminal: its permissions (`@` is the child's folder), the CLI, and the
 * outcome.
 */
interface Case {
  readonly flags: readonly string[];
  readonly options?: ChildOptions;
  /** The script that the CLI runs instead of a whole turn. */
  readonly script?: string;
  readonly comesTo: string;
}

const HANGS = `exec ${SLEEP}`;
const STOPS = { turn: { timeoutMs: 700 } };
const FAILS = "exit 1";

/** The README's sets of flags for a turn with `codex` on PATH, and by its path. */
const SETS: readonly (readonly string[])[] = [
  ["--allow-run=codex"],
  ["--allow-run=codex", "--allow-env"],
  ["--allow-run=codex", "--allow-env=PATH", "--allow-read=bin"],
  ["--allow-run=codex,/bin/sh"],
  ["--allow-run", "--allow-read=node_modules"],
  ["--allow-run", "--allow-read=@/bin", "--allow-env"],
];

const CASES: readonly Case[] = [
  ...SETS.flatMap((flags): Case[] => [
    { flags, comesTo: '{"answer":"fake"}' },
    { flags, script: HANGS, options: STOPS, comesTo: "turn_timeout" },
    { flags, script: FAILS, comesTo: '"code":"exited"' },
  ]),
  { flags: [], comesTo: "--allow-run=codex" },
  { flags: ["--allow-run=ls"], comesTo: "--allow-run=codex" },
  {
    flags: ["--allow-run=codex"],
    options: { turn: SCHEMA },
    comesTo: '"flag":"--allow-write"',
  },
  {
    flags: ["--allow-run=codex", "--allow-env"],
    options: { turn: SCHEMA },
    comesTo: '"flag":"--allow-write"',
  },
  {
    flags: ["--allow-run=codex", "--allow-env=TMPDIR", "--allow-write=@/tmp"],
    options: { turn: SCHEMA },
    comesTo: '{"answer":"fake"}',
  },
  {
    flags: ["--allow-run=codex", "--allow-env=TMPDIR", "--allow-write=@/tmp"],
    options: { turn: { ...SCHEMA, timeoutMs: 700 } },
    script: HANGS,
    comesTo: "turn_timeout",
  },
  {
    flags: ["--allow-run=codex"],
    options: {
      input: [
        { type: "text", text: "Look" },
        { type: "local_image", path: "image.png" },
      ],
    },
    comesTo: '"flag":"--allow-read=image.png"',
  },
  {
    flags: ["--allow-run=codex"],
    options: { codex: { env: { HOME: null }, envMode: "merge" } },
    comesTo: '"flag":"--allow-env"',
  },
];

for (const { flags, options, script, comesTo } of CASES) {
  const what = `${flags.join(" ") || "no flag"}${
    script ? ` and a CLI that does "${script}"` : ""
  }`;
  Deno.test({
    name:
      `denoRuntime never makes Deno prompt at a terminal with ${what}: ${comesTo}`,
    ignore: !hasTerminals,
    async fn() {
      await using bench = await makeBench();
      if (script !== undefined) {
        await writeProgram(bench.program, `#!/bin/sh\n${script}\n`);
      }
      const placed = flags.map((flag) => flag.replace("@", bench.path));
      const { args, options: rest } = bench.command({
        ...options,
        flags: placed,
      });
      const words = [Deno.execPath(), ...args].map((word) =>
        `'${word.replaceAll("'", `'\\''`)}'`
      );
      // Without --no-prompt and at a terminal, Deno would prompt, and wait.
      const command = `timeout -k 1 60 ${words.join(" ")} </dev/tty`;
      const output = await new Deno.Command("script", {
        ...rest,
        args: ["-qec", command, "/dev/null"],
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(output.stdout);
      assertEquals(text.includes("Deno requests"), false, text);
      assertStringIncludes(text, comesTo);
      assert(output.success);
      // Nothing of the turn is left.
      assertEquals(
        await Array.fromAsync(Deno.readDir(`${bench.path}/tmp`)),
        [],
      );
    },
  });
}
