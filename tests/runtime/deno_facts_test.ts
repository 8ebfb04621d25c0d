/** Facts about Deno's permissions on which the code relies. @module */

import { assertEquals } from "@std/assert";
import { writeProgram } from "../../src/testing/fake.ts";

/**
 * Runs code in a Deno with these permissions, in a folder, and returns what it prints.
 */
async function evaluate(
  code: string,
  flags: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const program = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(program, code);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-config", ...flags, program],
      ...options,
    }).output();
    const text = new TextDecoder();
    return text.decode(stdout) + text.decode(stderr);
  } finally {
    await Deno.remove(program);
  }
}

/** Prints the result of a call, or the name of its error. */
function trying(call: string): string {
  return `try { console.log(${call}); } catch (error) { console.log(error.name); }\n`;
}

// Facts R16.
Deno.test({
  name:
    "Deno opens /proc only with --allow-all, and signals other processes only with an unscoped --allow-run",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const code = trying(`Deno.readTextFileSync("/proc/1/stat").length > 0`) +
      trying(`Deno.kill(${Deno.pid}, "SIGCONT")`);
    for (
      const [flags, printed] of [
        [["--allow-read", "--allow-run=sh"], "NotCapable\nNotCapable\n"],
        [["--allow-read", "--allow-run"], "NotCapable\nundefined\n"],
        [["--allow-all"], "true\nundefined\n"],
      ] as const
    ) assertEquals(await evaluate(code, flags), printed);
  },
});

// Facts R27.
Deno.test({
  name:
    "Deno runs a program from the working directory if PATH has an empty entry, with an unscoped --allow-run",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      const own = `${folder}/own`;
      await Deno.mkdir(own);
      for (const [path, word] of [[folder, "wrong"], [own, "right"]]) {
        await writeProgram(
          `${path}/my-program`,
          `#!/bin/sh\necho ${word}\n`,
        );
      }
      const code = trying(
        `new TextDecoder().decode(new Deno.Command("my-program").outputSync().stdout).trim()`,
      );
      const options = { cwd: folder, env: { PATH: `:${own}` } };
      assertEquals(await evaluate(code, ["--allow-run"], options), "wrong\n");
      assertEquals(
        await evaluate(code, ["--allow-run=my-program"], options),
        "NotCapable\n",
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
