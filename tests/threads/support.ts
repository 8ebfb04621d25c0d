/** A folder for one test, gone at its end. @module */

/** Does something in a new folder, and removes it. */
export async function withFolder(
  task: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "threads-" }),
  );
  try {
    await task(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
