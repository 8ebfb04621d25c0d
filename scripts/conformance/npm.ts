/**
 * Runs npm.
 *
 * @module
 */

/** How long npm may take, in ms: it downloads a runtime of 100 MB. */
const TIMEOUT_MS = 5 * 60_000;

/** Runs `npm ...args` in a folder; fails with what it said. */
export async function runNpm(folder: URL, ...args: string[]): Promise<void> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("npm", {
      args: [...args, "--no-audit", "--no-fund", "--loglevel=error"],
      cwd: folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).output();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      "Cannot find npm: Node and Bun are installed through it",
      { cause },
    );
  }
  if (output.success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `npm ${args.join(" ")} failed:\n${decoder.decode(output.stderr)}${
      decoder.decode(output.stdout)
    }`,
  );
}
