/** A temporary folder. */
export interface TempFolder extends AsyncDisposable {
  /** Its real path. */
  readonly path: string;
}

/** Creates a folder that is removed at the end of an `await using` block. */
export async function tempFolder(prefix = "acodex_"): Promise<TempFolder> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix }));
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
