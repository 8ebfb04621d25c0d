/**
 * A host that begins more turns at once than it has file descriptors for, and another
 * turn when they are over.
 *
 * @module
 */

import process from "node:process";
import { CodexError } from "@acodex/sdk";
import { Codex } from "../support/client.ts";

const { codex, turns } = JSON.parse(process.argv[2] ?? "{}");
const client = new Codex(codex);

/** Runs a turn, and returns its answer, or the code of its error. */
async function run(): Promise<string> {
  try {
    const { finalResponse } = await client.startThread().run("Hi");
    return finalResponse;
  } catch (error) {
    // An error that is not the package's ends this host.
    if (!(error instanceof CodexError)) throw error;
    return error.code;
  }
}

const outcomes = await Promise.all(Array.from({ length: turns }, run));
process.stdout.write(`${JSON.stringify({ outcomes, later: await run() })}\n`);
