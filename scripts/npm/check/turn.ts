/**
 * Runs a turn with a program that uses the package: the real CLI, answered by the
 * scripted model in this process.
 *
 * @module
 */

import { modelAnswer, modelCommand, modelMessage } from "../../../testing.ts";
import { startRealCli } from "../../../src/testing/real_cli.ts";
import { run } from "../../run.ts";

/** The variable with the program's job. */
const VARIABLE = "ACODEX_CHECK_TURN";

/** The time limit of a program's turn, in ms. */
const TURN_MS = 60_000;

/** The file of {@linkcode TURN_PROGRAM}, in the consumer's folder. */
export const TURN_FILE = "turn.mjs";

/** The program: a command, and a structured answer through the user's own zod. */
export const TURN_PROGRAM = `import process from "node:process";
import { Codex } from "@acodex/sdk";
import { z } from "zod";

const { codexOptions, threadOptions } = JSON.parse(process.env.${VARIABLE});

async function main() {
  const thread = new Codex(codexOptions).startThread(threadOptions);
  const outputType = z.object({ answer: z.number() });
  const turn = await thread.run("What is it?", { outputType });
  const types = turn.items.map((item) => item.type);
  console.log(JSON.stringify({ types, response: turn.structuredResponse }));
}

main();
`;

/**
 * Runs a program made of {@linkcode TURN_PROGRAM} and checks what it printed.
 *
 * @param path PATH, the only variable of this environment that the program gets.
 */
export async function runTurn(
  program: string,
  args: string[],
  { cwd, path }: { cwd: string; path: string },
): Promise<void> {
  await using real = await startRealCli([
    modelAnswer(modelCommand("echo hi")),
    modelAnswer(modelMessage('{"answer":42}')),
  ], { env: { PATH: path } });
  const setting = JSON.stringify({
    codexOptions: real.codexOptions,
    threadOptions: real.inRepo,
  });
  const { code, stdout, stderr } = await run(program, args, {
    cwd,
    env: { PATH: path, HOME: real.home, [VARIABLE]: setting },
    clearEnv: true,
    timeoutMs: TURN_MS,
  });
  const wanted = {
    types: ["command_execution", "agent_message"],
    response: { answer: 42 },
  };
  if (code !== 0 || stdout.trim() !== JSON.stringify(wanted)) {
    throw new Error(`The turn ended with code ${code}:\n${stdout}${stderr}`);
  }
}
