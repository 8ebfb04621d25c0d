/**
 * A program that blocks on turns of the real CLI, and prints what came of them as
 * JSON. Its model is served by the test, which is not blocked.
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
  // The command removes it when it is over.
  if (isThere(marker)) whileTheCommandRan += 1;
}
const { structuredResponse, turnUsage } = thread.run("Count", {
  outputType: z.object({ n: z.number() }),
});
const id = thread.id;
const again = new CodexSync(client).resumeThread(id ?? "", options);
const left = again.runStreamed("Go on");
for (const _ of left.events) break;
// deno-lint-ignore no-console -- what it is for
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
