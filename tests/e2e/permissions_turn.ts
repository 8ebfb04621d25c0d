/**
 * Runs one turn with the permissions that permissions_test.ts grants. Its argument is JSON:
 * the client's, the thread's and the turn's options, the paths of images, and the ms after
 * which the turn is cancelled. It prints the turn's outcome as JSON.
 *
 * @module
 */

import { Codex, CodexError, type UserInput } from "../../mod.ts";

const { client, thread, turn, images, cancelAfter } = JSON.parse(
  Deno.args[0] ?? "{}",
);
const input: UserInput[] = [
  { type: "text", text: "Hi" },
  ...(images ?? []).map((path: string) => ({ type: "local_image", path })),
];

/** Runs the turn and returns its outcome; an error that is not the package's is rethrown. */
async function outcome(): Promise<object> {
  try {
    const result = await new Codex(client).startThread(thread).run(input, {
      ...turn,
      ...cancelAfter ? { signal: AbortSignal.timeout(cancelAfter) } : {},
    });
    return {
      says: result.finalResponse,
      ...turn === undefined ? {} : { response: result.structuredResponse },
    };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    return {
      code: error.code,
      message: error.message,
      ..."flag" in error ? { flag: error.flag } : {},
    };
  }
}

await Deno.stdout.write(
  new TextEncoder().encode(JSON.stringify(await outcome())),
);
