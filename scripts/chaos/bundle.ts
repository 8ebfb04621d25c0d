/**
 * The hosts of tests/chaos as JavaScript for Node and Bun, beside the package as
 * npm users install it.
 *
 * @module
 */

import { bundleFor } from "../conformance/bundle.ts";
import { installPackage } from "../conformance/package.ts";
import { listFiles } from "../project.ts";

/** Where the hosts lie, relative to the root. */
export const HOSTS = "tests/chaos/hosts";

/** Bundles the hosts into a folder, and puts the installed package beside them. */
export async function bundleHosts(
  folder: URL,
  env: Record<string, string>,
): Promise<void> {
  await bundleFor(folder, await listFiles(HOSTS), env);
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
