/**
 * The packages that the AI SDK's tests use beside this one. They stand in no
 * configuration of the project, which would install them with every task.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached } from "../cache.ts";
import { installPackage } from "../conformance/package.ts";
import { listFiles, ROOT_URL } from "../project.ts";
import { installCached } from "./tools.ts";

/** The AI SDK in both versions that a model is for, pinned. */
export const AI_SDKS = {
  ai6: "ai@6.0.326",
  ai7: "ai@7.0.173",
} as const;

/** A version of the AI SDK. */
export type AiSdk = keyof typeof AI_SDKS;

/** Installs a version, and gives the folder that holds its `node_modules`. */
export async function installAiSdk(version: AiSdk): Promise<string> {
  return await installCached(version, [AI_SDKS[version], "zod@4.6.7"]);
}

/**
 * Makes a folder as a user of the AI SDK has one, with this package as npm has it, and
 * copies of some programs.
 */
export async function makeAiProject(
  version: AiSdk,
  programs: string,
): Promise<URL> {
  const installed = await installPackage();
  const packages = await installAiSdk(version);
  const files = (await listFiles(programs))
    .filter((path) => path.endsWith(".mjs"));
  const texts = await Promise.all(
    files.map((path) => Deno.readTextFile(new URL(path, ROOT_URL))),
  );
  return await cached(
    `conformance/${version}`,
    [installed.href, packages, ...texts],
    async (folder) => {
      await Deno.writeTextFile(
        new URL("package.json", folder),
        '{ "private": true, "type": "module" }\n',
      );
      const modules = new URL("node_modules/", folder);
      await Deno.mkdir(modules);
      const own = fileURLToPath(new URL("node_modules", installed));
      for (
        const [name, from] of [
          ["@acodex", own],
          ["@openai", own],
          ["ai", `${packages}/node_modules`],
          ["zod", `${packages}/node_modules`],
        ] as const
      ) {
        await Deno.symlink(`${from}/${name}`, new URL(name, modules), {
          type: "dir",
        });
      }
      for (const [index, path] of files.entries()) {
        const name = path.slice(path.lastIndexOf("/") + 1);
        await Deno.writeTextFile(new URL(name, folder), texts[index] ?? "");
      }
    },
  );
}
