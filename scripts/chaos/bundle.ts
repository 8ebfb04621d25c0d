/**
 * The hosts of tests/chaos as JavaScript for Node and Bun, beside the package as
 * npm users install it.
 *
 * @module
 */

import { installPackage } from "../conformance/package.ts";
import { listFiles } from "../project.ts";
import { captureDeno } from "../run.ts";

/** Where the hosts lie, relative to the root. */
export const HOSTS = "tests/chaos/hosts";

/** Bundles the hosts into a folder, and puts the installed package beside them. */
export async function bundleHosts(
  folder: URL,
  env: Record<string, string>,
): Promise<void> {
  const { success, stdout, stderr } = await captureDeno([
    "bundle",
    "--platform=deno",
    "--packages=external",
    // Known by name as this project's own, these two would be bundled otherwise.
    "--external=@acodex/sdk",
    "--external=@acodex/sdk/streams",
    `--outdir=${folder.pathname}`,
    ...await listFiles(HOSTS),
  ], env);
  if (!success) throw new Error(`Cannot bundle: ${stderr}${stdout}`);
  await Deno.writeTextFile(
    new URL("package.json", folder),
    '{ "private": true, "type": "module" }\n',
  );
  const installed = await installPackage();
  await Deno.symlink(
    new URL("node_modules", installed),
    new URL("node_modules", folder),
    { type: "dir" },
  );
}
