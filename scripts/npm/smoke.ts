/**
 * The smoke test: what was packed can be installed into an empty folder, and
 * loaded with `import` and `require()`.
 *
 * @module
 */

import { succeed } from "./command.ts";
import { installPackages, packPackage } from "./packages.ts";

/** Packs, installs and loads the package in `folder`, and returns what was found. */
export async function smokeTest(
  folder: string,
  name: string,
  entries: string[],
): Promise<string> {
  const temporary = await Deno.makeTempDir({ prefix: "acodex-smoke-" });
  try {
    const tarball = await packPackage(folder, temporary);
    const consumer = `${temporary}/consumer`;
    await installPackages(consumer, [tarball]);
    const modules = entries.map((entry) => name + entry.slice(1));
    const imported = `Promise.all(${
      JSON.stringify(modules)
    }.map((m) => import(m)))`;
    const required = `${JSON.stringify(modules)}.map((m) => require(m))`;
    const script = `
      const names = (modules) => modules.map((m) => Object.keys(m).length);
      ${imported}.then((imported) => {
        const [a, b] = [names(imported), names(${required})];
        if (String(a) !== String(b) || a.includes(0)) throw new Error(a + " or " + b);
        console.log("Node " + process.version + " takes it by import and require: " + a + " exports.");
      });`;
    await Deno.writeTextFile(`${consumer}/smoke.cjs`, script);
    return (await succeed("node", ["smoke.cjs"], { cwd: consumer })).trim();
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}
