import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeBench } from "./scoped_deno.ts";

/** Tells whether a program runs here, such as util-linux's `script`. */
function has(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args }).outputSync().success;
  } catch {
    return false;
  }
}

const hasTerminals = Deno.build.os === "linux" && has("script", "--version");

/** Permissions under which there is something to look at that may not be looked at. */
const FLAGS = [
  ["--allow-run=codex"],
  ["--allow-run=codex", "--allow-env=PATH"],
  ["--allow-run=codex", "--allow-env=PATH", "--allow-read=bin"],
  ["--allow-run=codex", "--allow-env"],
];

for (const flags of FLAGS) {
  Deno.test({
    name: `denoRuntime never makes Deno ask at a terminal with ${
      flags.join(" ")
    }`,
    ignore: !hasTerminals,
    async fn() {
      await using bench = await makeBench();
      const { args, options } = bench.command({ flags });
      const words = [Deno.execPath(), ...args].map((word) =>
        `'${word.replaceAll("'", `'\\''`)}'`
      );
      // Without --no-prompt and at a terminal, Deno would ask, and wait.
      const command = `timeout -k 1 20 ${words.join(" ")}`;
      const output = await new Deno.Command("script", {
        ...options,
        args: ["-qec", command, "/dev/null"],
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(output.stdout);
      assertStringIncludes(text, '{"answer":"fake"}');
      assertEquals(text.includes("Deno requests"), false, text);
      assert(output.success);
    },
  });
}
