/**
 * What the scripted model answers in a fleet: each task runs one command, which leaves a
 * line, and then answers. Who goes on with a thread that knows of the command runs it no
 * more.
 *
 * @module
 */

import {
  modelAnswer,
  modelCommand,
  modelDelay,
  modelMessage,
  type ModelReplyFunction,
} from "../../testing.ts";

/** How long the model thinks before its answer, in ms. */
const THINKS_MS = 800;

/** How the prompt begins with which a thread goes on. */
export const RESUMED = "You were interrupted";

/** The prompt of a task; its command waits for a while where it is said. */
export function makePrompt(task: number, commandMs = 0): string {
  return `Do task ${task}, which takes ${commandMs} ms`;
}

/** Makes the model whose commands write into a file as they begin, and into `…-ended` at their end. */
export function fleetModel(effects: string): ModelReplyFunction {
  return ({ prompt, toolOutputs }) => {
    const [, task, ms] = /task (\d+), which takes (\d+) ms/.exec(prompt) ?? [];
    if (toolOutputs.length === 0) {
      return modelAnswer(modelCommand(
        `echo ${task} >> ${effects}; sleep ${Number(ms) / 1000}; ` +
          `echo ${task} >> ${effects}-ended`,
      ));
    }
    const summary = `Did task ${task}`;
    return modelDelay(
      THINKS_MS,
      modelAnswer(modelMessage(JSON.stringify({ summary }))),
    );
  };
}
