import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { CodexInputError } from "../../src/errors/codex_error.ts";
import type { CodexOptions } from "../../src/options/options.ts";
import type { TurnRequest } from "../../src/transport/transport.ts";
import { CodexExecError } from "../../src/errors/turn_errors.ts";
import { Tree } from "../cli/locate/npm_tree.ts";
import { prepareTurn, readEnding, take } from "./transport_support.ts";

interface Failure {
  /** Creates the executable in a new folder. */
  program?: (tree: Tree) => Promise<string>;
  options?: CodexOptions;
  request?: Partial<TurnRequest>;
  code: "executable_not_found" | "spawn_failed";
  says: RegExp;
}

const SH = (tree: Tree) => tree.program("codex", "#!/bin/sh\nexit 0\n");

const FAILURES: { readonly [what: string]: Failure } = {
  "a file that does not exist": {
    program: (tree) => Promise.resolve(tree.at("codex")),
    code: "executable_not_found",
    says: /Cannot find the Codex CLI ".*\/codex", given as codexPathOverride/,
  },
  "a file that is not executable": {
    program: async (tree) => {
      const path = await tree.program("codex", "#!/bin/sh\n");
      await Deno.chmod(path, 0o600);
      return path;
    },
    code: "spawn_failed",
    says: /the file is not executable \(EACCES\)$/,
  },
  "a folder": {
    program: (tree) => tree.folder("codex"),
    code: "spawn_failed",
    says: /the file is not executable \(EACCES\)$/,
  },
  "a script whose interpreter is missing": {
    program: (tree) => tree.program("codex", "#!/nowhere/interpreter\n"),
    code: "spawn_failed",
    says: /or it is a script whose interpreter is missing \(ENOENT\)$/,
  },
  "an argument with a NUL character": {
    program: SH,
    options: { configOverrides: ['secret="a\0b"'] },
    code: "spawn_failed",
    says: /an argument or a variable contains a NUL character \(EINVAL\)$/,
  },
};

for (const [what, failure] of Object.entries(FAILURES)) {
  Deno.test(`ExecTransport reports ${what} as the reason that the CLI did not start`, async () => {
    await using tree = await Tree.make();
    const program = await failure.program?.(tree) ?? "codex";
    const taken = await take(
      prepareTurn(program, failure.request, failure.options),
    );
    assertEquals(taken.batches, []);
    const { error } = readEnding(taken, "not_started");
    assertInstanceOf(error, CodexExecError);
    assertEquals(error.code, failure.code);
    assertMatch(error.message, failure.says);
    assertEquals(error.message.includes(program), true);
    // The message has no value of an option, nor anything nearly as long.
    assertEquals(/secret/i.test(error.message), false);
    assertEquals(error.message.length < 2000, true);
  });
}

Deno.test("ExecTransport runs a text file without a shebang as the system does, and reports its exit", async () => {
  await using tree = await Tree.make();
  const program = await tree.program("codex", "exit 4\n");
  const { process } = readEnding(await take(prepareTurn(program)), "exited");
  assertEquals(process.exitCode, 4);
});

Deno.test("ExecTransport rejects an invalid request before it looks for the CLI", async () => {
  const turn = prepareTurn("/nowhere/codex", {
    images: [{ inputPath: "input[1].path", source: "/nowhere/image.png" }],
  });
  const { error } = readEnding(await take(turn), "not_started");
  assertInstanceOf(error, CodexInputError);
  assertMatch(
    error.message,
    /image "\/nowhere\/image.png" at input\[1\].path: the file does not exist/,
  );
});
