/** Provides a folder for one test, and reads rollouts. @module */

/** Runs a task in a new folder, which is removed afterwards. */
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

/** Reads a stream to its end. */
export async function readBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}

/** Lists the rollouts of a home. */
export function rolloutsIn(home: string): string[] {
  const found: string[] = [];
  const search = (folder: string): void => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) search(path);
      else if (name.startsWith("rollout-")) found.push(path);
    }
  };
  search(`${home}/sessions`);
  return found.sort();
}

/** Returns the path of a thread's rollout. */
export function readRollout(home: string, id: string): string {
  const path = rolloutsIn(home).find((path) => path.endsWith(`${id}.jsonl`));
  if (path === undefined) throw new Error(`There is no rollout of ${id}`);
  return path;
}

/** Lists the names in a folder. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
