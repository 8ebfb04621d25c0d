/**
 * Checks the npm package with dnt, against Node's types, and writes its declarations.
 *
 * @module
 */

import { readProjectFile, ROOT_URL } from "../project.ts";
import type { PackageJson } from "./package_json.ts";

/** Neither in the import map nor imported by a literal, as it is only on JSR, and only a release needs it. */
const DNT: string = "jsr:@deno/dnt@0.43.2";

/** The part of dnt that is used. */
interface Dnt {
  build(options: Record<string, unknown>): Promise<void>;
  emptyDir(folder: string): Promise<void>;
}

/** Compiles the entries of deno.json, and what they load, into `folder`. */
export async function declareWithDnt(
  folder: string,
  { name, version, license, dependencies }: PackageJson,
): Promise<void> {
  const { build, emptyDir }: Dnt = await import(DNT);
  const { exports } = await readProjectFile();
  // dnt makes npm install packages that the declarations name; none may run a script.
  Deno.env.set("npm_config_ignore_scripts", "true");
  await emptyDir(folder);
  await build({
    entryPoints: Object.entries(exports).map(([name, path]) => ({
      name,
      path: new URL(path, ROOT_URL).href,
    })),
    outDir: folder,
    configFile: new URL("deno.json", ROOT_URL).href,
    // The code detects its runtime itself, so nothing is injected.
    shims: {},
    // Only modules: require() loads them on every Node that still gets fixes, and a second
    // copy as a script would have its own classes, so that an error of one copy would not be
    // an `instanceof` the other's.
    scriptModule: false,
    declaration: "inline",
    // The tests run against the packed package (scripts/check_npm.ts).
    test: false,
    // Against Node's types: deno check has seen the sources with Deno's.
    typeCheck: "single",
    package: {
      name,
      version,
      license,
      dependencies,
      devDependencies: { "@types/node": "^20.19.0" },
    },
    compilerOptions: {
      // No syntax is lowered and nothing polyfilled: the sources use what the
      // oldest Node of `engines` has.
      target: "Latest",
      lib: ["ESNext", "DOM", "DOM.Iterable"],
      noImplicitReturns: true,
      noUncheckedIndexedAccess: true,
      useUnknownInCatchVariables: true,
    },
  });
}
