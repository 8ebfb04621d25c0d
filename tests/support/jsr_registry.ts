/** Serves this package on loopback as JSR does. @module */

import { fileURLToPath } from "node:url";

/** The project's folder. */
const ROOT = new URL("../../", import.meta.url);

/** The parts of deno.json that are read. */
interface ProjectFile {
  readonly name: string;
  readonly version: string;
  readonly exports: { readonly [entry: string]: string };
  readonly imports: { readonly [name: string]: string };
}

/** A registry, with the requests that it received. */
export interface JsrRegistry extends AsyncDisposable {
  /** Its address, for `JSR_URL`. */
  readonly url: string;
  /** The paths of the requested modules inside the package, in order. */
  readonly requested: readonly string[];
}

/**
 * Starts a registry that serves the sources of this package as JSR does: packages are
 * named as `npm:` specifiers, and connections are kept alive.
 */
export async function jsrRegistry(): Promise<JsrRegistry> {
  const project: ProjectFile = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const { name, version, exports } = project;
  const files = new Map<string, string>();
  for (const path of Object.values(exports)) {
    await addFile(files, new URL(path, ROOT), project);
  }
  await addFolder(files, new URL("src/", ROOT), project);

  const manifest: { [path: string]: { size: number; checksum: string } } = {};
  for (const [path, text] of files) {
    manifest[path] = await describe(text);
  }
  const meta = { latest: version, versions: { [version]: {} } };
  const documents = new Map([
    [`/${name}/meta.json`, JSON.stringify(meta)],
    [`/${name}/${version}_meta.json`, JSON.stringify({ manifest, exports })],
  ]);
  const requested: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      const document = documents.get(pathname);
      if (document !== undefined) return new Response(document);
      const path = pathname.slice(`/${name}/${version}`.length);
      requested.push(path);
      const text = files.get(path);
      return text === undefined
        ? new Response("Not found", { status: 404 })
        : new Response(text, {
          headers: { "content-type": "text/typescript" },
        });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requested,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Adds the modules in a folder and its subfolders. */
async function addFolder(
  files: Map<string, string>,
  folder: URL,
  project: ProjectFile,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) {
      await addFolder(files, new URL(`${name}/`, folder), project);
    } else await addFile(files, new URL(name, folder), project);
  }
}

/** Adds a module, with its packages named as JSR names them. */
async function addFile(
  files: Map<string, string>,
  file: URL,
  { imports }: ProjectFile,
): Promise<void> {
  const text = await Deno.readTextFile(file);
  const path = fileURLToPath(file).slice(fileURLToPath(ROOT).length - 1);
  files.set(
    path,
    text.replace(
      /(\bfrom |\bimport\()"([a-z][^"/:]*)((?:\/[^"]*)?)"/g,
      (whole, before: string, name: string, rest: string) =>
        imports[name] === undefined
          ? whole
          : `${before}"${imports[name]}${rest}"`,
    ),
  );
}

async function describe(
  text: string,
): Promise<{ size: number; checksum: string }> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const hex = new Uint8Array(digest).toHex();
  return { size: bytes.length, checksum: `sha256-${hex}` };
}
