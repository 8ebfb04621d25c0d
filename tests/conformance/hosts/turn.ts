/**
 * A host that runs one turn: options as JSON in its first argument, the outcome as
 * JSON on its stdout.
 *
 * @module
 */

import process from "node:process";
import { Codex, CodexError } from "@acodex/sdk";

const { codex, thread, prompt } = JSON.parse(process.argv[2] ?? "{}");
let outcome: unknown;
try {
  const turn = await new Codex(codex).startThread(thread).run(prompt);
  outcome = { finalResponse: turn.finalResponse };
} catch (error) {
  if (!(error instanceof CodexError)) throw error;
  outcome = { error: error.message, code: error.code };
}
process.stdout.write(`${JSON.stringify(outcome)}\n`);
