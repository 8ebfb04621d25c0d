/**
 * Provides the scripted model of a fleet. For each task it runs one command, which
 * writes a line, and then answers. A resumed thread that has the command's output does
 * not run it again.
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

/** Milliseconds before the model's answer. */
const THINKS_MS = 800;

/** The beginning of the prompt with which a thread is continued. */
export const RESUMED = "You were interrupted";

/** Returns the prompt of a task, and how long its command takes. */
export function makePrompt(task: number, commandMs = 0): string {
  return `Do task ${task}, which takes ${commandMs} ms`;
}

/**
 * Returns the model; its commands write to a file when they start, and to `…-ended`
 * when they end.
 */
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
