/**
 * A project of its own for a behaviour: a program that runs a turn, and the package
 * somewhere else, where no CLI is installed beside it. So it is with a package from
 * the web, or one that many projects share.
 *
 * @module
 */

import {
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLIENT, type Client } from "./client.ts";
import { type HostOptions, RUNTIME } from "./host.ts";
import type { TestContext } from "./test_context.ts";

/** Runs a turn with the options in its first argument, and prints the answer as JSON. */
const PROGRAM: { readonly [client in Client]?: string } = {
  async: `import process from "node:process";
import { Codex } from "@acodex/sdk";
const { codex, thread } = JSON.parse(process.argv[2]);
const { finalResponse } = await new Codex(codex).startThread(thread).run("Hi");
process.stdout.write(JSON.stringify({ finalResponse }) + "\\n");
`,
  sync: `import process from "node:process";
import { CodexSync } from "@acodex/sdk/sync";
const { codex, thread } = JSON.parse(process.argv[2]);
const { finalResponse } = new CodexSync(codex).startThread(thread).run("Hi");
process.stdout.write(JSON.stringify({ finalResponse }) + "\\n");
`,
};

/** Makes the project in a folder of the context; gives how its program is run. */
export function ownProject(context: TestContext, folder: string): HostOptions {
  const project = context.path(folder);
  mkdirSync(join(project, "node_modules/@acodex"), { recursive: true });
  const program = join(project, "main.mjs");
  writeFileSync(program, PROGRAM[CLIENT] ?? "");
  const library = context.path("library");
  if (RUNTIME === "deno") {
    const root = new URL("../../../", import.meta.url);
    for (const part of ["mod.ts", "sync.ts", "src"]) {
      cpSync(new URL(part, root), join(library, part), { recursive: true });
    }
    const { imports } = JSON.parse(
      readFileSync(new URL("deno.json", root), "utf8"),
    );
    const config = join(project, "deno.json");
    const own = {
      "@acodex/sdk": join(library, "mod.ts"),
      "@acodex/sdk/sync": join(library, "sync.ts"),
    };
    writeFileSync(config, JSON.stringify({ imports: { ...imports, ...own } }));
    const flags = ["--no-check", "--quiet", "--no-prompt", "--allow-all"];
    return {
      program,
      runtimeArgs: [
        ...flags,
        ...["--no-lock", "--node-modules-dir=none", `--config=${config}`],
      ],
    };
  }
  // By their real paths: what is installed beside them is not found from there.
  const modules = join(library, "node_modules");
  const installed = packageFolder("@acodex/sdk");
  cpSync(installed, join(modules, "@acodex/sdk"), { recursive: true });
  symlinkSync(join(installed, "../..", "zod"), join(modules, "zod"));
  symlinkSync(
    join(modules, "@acodex/sdk"),
    join(project, "node_modules/@acodex/sdk"),
  );
  return { program, runtimeArgs: [] };
}

/** Where an installed package lies, above its main module. */
function packageFolder(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (!folder.endsWith(name)) folder = dirname(folder);
  return folder;
}
