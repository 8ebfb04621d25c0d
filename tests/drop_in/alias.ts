/**
 * Installs projects in which an alias replaces the official SDK by this package, as
 * described in docs/differences.md. npm installs them, with a registry for the
 * package's scope that has only the packed package.
 *
 * @module
 */

import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/conformance/package.ts";
import { INSTALL_OPTIONS } from "../../scripts/npm/tools.ts";
import { ROOT_URL } from "../../scripts/project.ts";
import { NPM, type Ran, run } from "../../scripts/run.ts";

/** The parts of a package.json that are written here. */
export interface Manifest {
  readonly dependencies: { readonly [name: string]: string };
  readonly overrides?: { readonly [name: string]: string };
}

/** Returns what docs/differences.md adds to a package.json. */
export async function documentedManifest(): Promise<Manifest> {
  const page = await Deno.readTextFile(
    new URL("docs/differences.md", ROOT_URL),
  );
  const [, json = ""] = /^```json\n([^]*?)^```/m.exec(page) ?? [];
  return JSON.parse(json);
}

/** Installs a project in an empty folder; returns npm's result. */
export async function installProject(
  folder: string,
  manifest: Manifest,
  files: { readonly [name: string]: string },
): Promise<Ran> {
  const { tarball, registry } = await serveTarball();
  try {
    const all = {
      "package.json": JSON.stringify({
        name: "consumer",
        private: true,
        type: "module",
        ...manifest,
      }),
      ".npmrc": `@acodex:registry=${tarball}\n`,
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      const path = new URL(name, `file://${folder}/`);
      await Deno.mkdir(new URL("./", path), { recursive: true });
      await Deno.writeTextFile(path, text);
    }
    return await run(NPM, ["install", ...INSTALL_OPTIONS], { cwd: folder });
  } finally {
    await registry.shutdown();
  }
}

/** Serves the packed package as a registry does. */
async function serveTarball(): Promise<
  { tarball: string; registry: Deno.HttpServer }
> {
  const folder = await installPackage();
  const names = await Array.fromAsync(Deno.readDir(folder));
  const packed = names.find(({ name }) => name.endsWith(".tgz"));
  assert(packed !== undefined);
  const bytes = await Deno.readFile(new URL(packed.name, folder));
  const manifest = JSON.parse(
    await Deno.readTextFile(
      fileURLToPath(new URL("node_modules/@acodex/sdk/package.json", folder)),
    ),
  );
  const registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname, origin } = new URL(request.url);
      if (pathname.endsWith(".tgz")) return new Response(bytes);
      const { name, version } = manifest;
      if (decodeURIComponent(pathname) !== `/${name}`) {
        return new Response(null, { status: 404 });
      }
      const dist = { tarball: `${origin}/packed.tgz` };
      return Response.json({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { ...manifest, dist } },
      });
    },
  );
  const { port } = registry.addr;
  return { tarball: `http://127.0.0.1:${port}/`, registry };
}
