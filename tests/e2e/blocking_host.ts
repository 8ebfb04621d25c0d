/**
 * A program that blocks on turns of the real CLI, and prints the results as JSON. The test,
 * which is not blocked, serves its model.
 *
 * @module
 */

import * as z from "zod";
import { CodexSync } from "../../sync.ts";

const { client, thread: options, marker } = JSON.parse(Deno.args[0] ?? "{}");
const thread = new CodexSync(client).startThread(options);
const streamed = thread.runStreamed("Wait for it");
let whileTheCommandRan = 0;
for (const _ of streamed.events) {
  // The command removes the marker at its end.
  if (isThere(marker)) whileTheCommandRan += 1;
}
const { structuredResponse, turnUsage } = thread.run("Count", {
  outputType: z.object({ n: z.number() }),
});
const id = thread.id;
const again = new CodexSync(client).resumeThread(id ?? "", options);
const left = again.runStreamed("Go on");
for (const _ of left.events) break;
// deno-lint-ignore no-console -- the program's output
console.log(JSON.stringify({
  finalResponse: streamed.result.finalResponse,
  items: streamed.result.items.map(({ type }) => type),
  whileTheCommandRan,
  structuredResponse,
  inputTokens: turnUsage?.input_tokens,
  sameThread: again.id === id,
}));

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
