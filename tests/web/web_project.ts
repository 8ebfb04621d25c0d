/** Sets up `examples/web` as a user has it, with the packed package. @module */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import { linkedProject, packageIn } from "../../scripts/npm/linked_project.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";

const FOLDER = "examples/web";

/** The packages that come with the tested one. */
const OWN = ["@acodex/sdk", "@openai/codex"];

/**
 * Installs the example with the versions in its package.json, and returns its folder.
 */
export async function installWebExample(): Promise<string> {
  const paths = (await listFiles(FOLDER)).filter((path) =>
    !path.includes("/node_modules/")
  );
  const files: Record<string, string> = {};
  for (const path of paths) {
    files[path.slice(FOLDER.length + 1)] = await Deno.readTextFile(
      new URL(path, ROOT_URL),
    );
  }
  const { dependencies, devDependencies } = JSON.parse(
    files["package.json"] ?? "",
  );
  const others = Object.entries<string>({ ...dependencies, ...devDependencies })
    .filter(([name]) => !OWN.includes(name));
  const specs = others.map(([name, version]) => {
    assert(/^\d/.test(version), `${name} has no exact version`);
    return `${name}@${version}`;
  });
  const modules = `${await installCached("web", specs)}/node_modules`;
  const installed = await installPackage();
  const project = await linkedProject("web", {
    packages: {
      ...Object.fromEntries(
        OWN.map((name) => [name, packageIn(installed, name)]),
      ),
      ...Object.fromEntries(
        others.map(([name]) => [name, `${modules}/${name}`]),
      ),
    },
    files,
  });
  return fileURLToPath(project);
}
