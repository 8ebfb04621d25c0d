/**
 * Copies, resumes and reviews with the blocking client on the real CLI, and prints the
 * results as JSON.
 *
 * @module
 */

import { CodexSync } from "../../sync.ts";

const { client, thread: options } = JSON.parse(Deno.args[0] ?? "{}");
const codex = new CodexSync(client);
const thread = codex.startThread(options);
const early = thread.fork();
let refused = "";
try {
  early.run("Too early");
} catch (error) {
  refused = String(error);
}
const first = thread.run("First question");
const copy = thread.fork();
const ofCopy = copy.run("Question to the copy");
const byId = codex.forkThread(thread.id ?? "", options);
byId.run("Question to another copy");
const again = codex.resumeThread(thread.id ?? "", {
  ...options,
  usageBefore: thread.usage,
});
const ofAgain = again.run("Second question");
const last = codex.resumeLast(options);
last.run("Third question");
const review = codex.startThread(options).review({ uncommitted: true });
// deno-lint-ignore no-console -- the result
console.log(JSON.stringify({
  refused,
  copies: new Set([thread.id, copy.id, byId.id]).size,
  shares: [first, ofCopy, ofAgain].map(({ turnUsage }) =>
    turnUsage?.input_tokens
  ),
  isLast: last.id === again.id,
  took: first.durationMs > 0,
  changed: first.changedFiles,
  review: [review.finalResponse, review.usage],
}));
