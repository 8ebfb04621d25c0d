/**
 * Sets up the example as a user has it, with the packed package, the other packages in
 * its `package.json`, and the runtimes that run it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { cached, readInputs } from "../../scripts/cache.ts";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { linkPackages, packagesFor } from "../../scripts/npm/linked_project.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";

/**
 * The packages in the example's `package.json` besides this one and the CLI, with exact
 * versions.
 */
export const FLEET_PACKAGES = [
  "bullmq@6.7.0",
  "ioredis@5.11.1",
  "p-map@7.1.1",
  "pg@8.23.1",
  "zod@4.6.7",
  "@types/node@24.19.2",
  "@types/pg@8.23.1",
] as const;

const EXAMPLE = "examples/fleet";

/**
 * Creates the project.
 *
 * @param programs Further files, by their names.
 * @returns Its folder.
 */
export async function makeFleetProject(
  programs: { readonly [name: string]: string } = {},
): Promise<string> {
  const installed = await installPackage();
  const packages = await installCached("fleet", FLEET_PACKAGES);
  const sources = await listFiles(EXAMPLE);
  const inputs = [
    installed.href,
    packages,
    JSON.stringify(programs),
    ...await readInputs(sources),
  ];
  const folder = await cached("conformance/fleet", inputs, async (folder) => {
    for (const path of sources) {
      await Deno.copyFile(
        new URL(path, ROOT_URL),
        new URL(path.slice(EXAMPLE.length + 1), folder),
      );
    }
    for (const [name, text] of Object.entries(programs)) {
      await Deno.writeTextFile(new URL(name, folder), text);
    }
    // Deno must not install the packages again.
    await Deno.writeTextFile(
      new URL("deno.json", folder),
      '{ "nodeModulesDir": "manual" }\n',
    );
    await linkPackages(
      folder,
      packagesFor(installed, packages, FLEET_PACKAGES),
    );
  });
  return fileURLToPath(folder);
}

/** A runtime, with the command that precedes a program's name. */
export interface FleetRuntime {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Installs the workers' runtimes. */
export async function installFleetRuntimes(): Promise<FleetRuntime[]> {
  return await Promise.all(
    ["node24", "bun", "deno"].map(async (name) => {
      const runtime = RUNTIMES.find((each) => each.name === name);
      if (runtime === undefined) throw new Error(`There is no ${name}`);
      const program = await installRuntime(runtime);
      const args = name === "deno" ? ["run", "--allow-all", "--no-check"] : [];
      return { name, command: [program, ...args] as const };
    }),
  );
}
