import { assert, assertEquals } from "@std/assert";
import { installPackages, packPackage } from "../../scripts/npm/tools.ts";
import { exists, listFiles, ROOT_URL } from "../../scripts/project.ts";

/** The checked fields of an entry in package-lock.json. */
interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT_URL)));
}

Deno.test("installPackages() runs no scripts of packages", async () => {
  const folder = await Deno.makeTempDir({ prefix: "acodex-scripts-" });
  try {
    await Deno.mkdir(`${folder}/culprit`);
    const mark = `node -e "require('fs').writeFileSync('ran', '')"`;
    await Deno.writeTextFile(
      `${folder}/culprit/package.json`,
      JSON.stringify({
        name: "culprit",
        version: "1.0.0",
        scripts: { preinstall: mark, install: mark, postinstall: mark },
      }),
    );
    const { filename } = await packPackage(`${folder}/culprit`, folder);
    await installPackages(`${folder}/consumer`, [`${folder}/${filename}`]);
    const installed = [];
    const path = `${folder}/consumer/node_modules/culprit`;
    for await (const { name } of Deno.readDir(path)) installed.push(name);
    assertEquals(installed, ["package.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the lock files of the tools contain versions and hashes, but no URLs", async () => {
  const files = await listFiles("scripts/npm/locked");
  const manifests = files.filter((path) => path.endsWith("/package.json"));
  assertEquals(manifests.length, 2);
  for (const path of manifests) {
    const { dependencies } = await readJson<
      { dependencies: Record<string, string> }
    >(path);
    for (const specifier of Object.values(dependencies)) {
      assert(/^(?:npm:.+@)?\d+\.\d+\.\d+$/.test(specifier), specifier);
    }

    const lock = path.replace("package.json", "package-lock.json");
    assert(await exists(lock), lock);
    const { packages } = await readJson<
      { packages: Record<string, LockedPackage> }
    >(lock);
    const { "": root, ...installed } = packages;
    assertEquals(root, { dependencies } as LockedPackage);
    assert(Object.keys(installed).length > 0);
    for (const [place, each] of Object.entries(installed)) {
      assert(/^sha512-/.test(each.integrity ?? ""), `${lock}: ${place}`);
      // A URL would bind the lock file to the registry with which it was created.
      assertEquals(each.resolved, undefined, `${lock}: ${place}`);
    }
  }
});
