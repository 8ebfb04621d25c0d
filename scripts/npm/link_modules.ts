/**
 * Puts packages that are installed elsewhere into a project, by links.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** Links this package and the CLI, as `installPackage` has them, and packages of another folder. */
export async function linkModules(
  project: URL,
  installed: URL,
  packages: string,
  specs: readonly string[],
): Promise<void> {
  const links: Record<string, string> = {};
  for (const name of ["@acodex/sdk", "@openai/codex"]) {
    links[name] = fileURLToPath(new URL(`node_modules/${name}`, installed));
  }
  for (const spec of specs) {
    const name = spec.slice(0, spec.lastIndexOf("@"));
    links[name] = `${packages}/node_modules/${name}`;
  }
  for (const [name, to] of Object.entries(links)) {
    const link = new URL(`node_modules/${name}`, project);
    await Deno.mkdir(new URL("./", link), { recursive: true });
    await Deno.symlink(to, link, { type: "dir" });
  }
}
