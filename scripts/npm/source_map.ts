/**
 * Source maps of the npm package: a file of its own beside each module, so that
 * only debuggers read it, with the source in it, so that nothing else is shipped
 * and nothing tells where the package was built.
 *
 * @module
 */

/** A source map, version 3. */
export interface SourceMap {
  version: 3;
  file: string;
  sources: string[];
  sourcesContent: string[];
  names: string[];
  mappings: string;
}

/** A module and its map, apart. */
export interface MappedModule {
  code: string;
  /** Missing where the module has no code: types leave nothing behind. */
  map?: SourceMap;
}

/** The comment that says where a module's map is; the last line. */
const COMMENT = /\n?\/\/# sourceMappingURL=(\S+)\s*$/;

/** What stands before a map that is written into the module. */
const INLINE = "data:application/json;base64,";

/** Reads the address of a module's map. */
export function mapAddress(code: string): string | undefined {
  return COMMENT.exec(code)?.[1];
}

/**
 * Takes a module and its map apart, and makes the map independent of the place
 * where it was built.
 *
 * @param name The file name of the module, as in `codex.js`.
 * @param mapFile The text of the map, where it is a file already.
 */
export function separateMap(
  name: string,
  code: string,
  mapFile?: string,
): MappedModule {
  const address = mapAddress(code);
  const text = mapFile ??
    (address?.startsWith(INLINE) ? decode(address.slice(INLINE.length)) : null);
  if (text === null) throw new Error(`Cannot find the source map of "${name}"`);

  const { sources, sourcesContent, names, mappings } = JSON.parse(
    text,
  ) as Partial<SourceMap>;
  if (!mappings) return { code: code.replace(COMMENT, "\n") };
  const source = sourcesContent?.[0];
  if (sources?.length !== 1 || typeof source !== "string") {
    throw new Error(
      `Cannot use the source map of "${name}": it holds not one source, with its text`,
    );
  }
  return {
    code: code.replace(COMMENT, "") +
      `\n//# sourceMappingURL=${name}.map\n`,
    map: {
      version: 3,
      file: name,
      // Beside the module, where it was: no file is there, the text is in the map.
      sources: [name.replace(/\.js$/, ".ts")],
      sourcesContent: [source],
      names: names ?? [],
      mappings,
    },
  };
}

/** Base64 to text. */
function decode(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
