/**
 * A separate project for a behaviour: a program that runs a turn, and the package in
 * another folder without a CLI installed next to it, as with a package that is loaded
 * from the web or shared by many projects.
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

/** Creates the project in a folder of the context; returns options that run its program. */
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
  // Copied, so that their real paths are here and packages installed next to the
  // originals are not found.
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

/** Returns an installed package's folder, which is above its main module. */
function packageFolder(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (!folder.endsWith(name)) folder = dirname(folder);
  return folder;
}
