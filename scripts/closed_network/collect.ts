/**
 * Collects the files of one package for the file-tree registry.
 *
 * @module
 */

/** The files of a package: path from the package's root, with `/` in front, to text. */
export type PackageFiles = Map<string, string>;

/**
 * Collects the compiled modules that `folder/mod.js` of `library` loads, and
 * adds an entry module that names its types.
 *
 * The folders keep their places (`/assert/…`, `/internal/…`), so that the
 * relative imports between them hold.
 */
export async function collectPackage(
  library: URL,
  folder: string,
  types: URL,
): Promise<PackageFiles> {
  const files: PackageFiles = new Map();
  const entry = `/${folder}/mod.js`;
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (files.has(path)) continue;
    const text = await Deno.readTextFile(new URL(`.${path}`, library));
    files.set(path, text);
    queue.push(
      ...relativeImports(text).map((to) =>
        new URL(to, `file://${path}`).pathname
      ),
    );
  }
  files.set("/types.d.ts", await Deno.readTextFile(types));
  files.set(
    "/mod.js",
    `// @ts-self-types="./types.d.ts"\nexport * from ".${entry}";\n`,
  );
  return files;
}

/**
 * The relative modules that a compiled module imports. A pattern is enough:
 * compiled code starts each import at the start of a line, and examples in
 * comments stand behind a star.
 */
function relativeImports(text: string): string[] {
  const pattern =
    /^(?:import|export)\b[^;"']*?(?:from\s*)?["'](\.[^"']+)["']/gm;
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}
