/**
 * A host whose turn calls a tool that never answers. It aborts the turn and then has
 * nothing left to do. It prints the outcome as JSON.
 *
 * @module
 */

import process from "node:process";
import { Codex, CodexError, tool } from "@acodex/sdk";

const { codex, thread } = JSON.parse(process.argv[2] ?? "{}");
main();

/** Runs the turn. */
async function main(): Promise<void> {
  const abort = new AbortController();
  let reason: unknown;
  const never = tool({
    name: "never",
    description: "Never answers",
    input: { schema: { type: "object" }, parse: (value) => value },
    run(_input, { signal }): Promise<string> {
      signal.addEventListener("abort", () => reason = signal.reason?.name);
      setTimeout(() => abort.abort(), 50);
      return new Promise(() => {});
    },
  });
  let outcome: { [key: string]: unknown } = {};
  try {
    const client = new Codex({ ...codex, tools: [never] });
    await client.startThread(thread).run("Hi", { signal: abort.signal });
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    const { name, code, message } = error;
    outcome = { ...error, name, code, message };
  }
  outcome = { ...outcome, reason, at: Date.now() };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
