/**
 * One task of the fleet, whatever hands it out: a queue, a pool, a plain loop. It begins a
 * thread, or goes on with the one that an earlier attempt began.
 *
 * @module
 */
import {
  type Codex,
  CodexThreadNotFoundError,
  type StreamedTurn,
  type ThreadOptions,
} from "@acodex/sdk";
import type { CodexAppServer } from "@acodex/sdk/app-server";
import * as z from "zod";
import type { Checkpoints } from "./checkpoints.ts";

/** What is to be done, as plain data: a queue keeps it as JSON. */
export interface Task {
  /** What the agent is asked. */
  readonly prompt: string;
  /** The folder that it works in. */
  readonly workingDirectory: string;
  /** The thread of an earlier attempt; there from the moment in which it began. */
  readonly threadId?: string;
}

const Answer = z.object({ summary: z.string() });

/** What comes of a task. */
export type Answer = z.infer<typeof Answer>;

/** What a task gets from where it runs. */
export interface TaskContext {
  readonly codex: Codex | CodexAppServer;
  readonly threadOptions: ThreadOptions;
  /** Ends the turn, and the CLI with it. */
  readonly signal?: AbortSignal;
  /** Keeps the thread's id with the task, before anything else happens in the turn. */
  readonly onThread?: (id: string) => void | Promise<void>;
  /** Hears of each item by its type. Its text may hold secrets, and belongs in no queue. */
  readonly onProgress?: (itemType: string) => void | Promise<void>;
  /** Keeps the thread where other machines reach it; none where they share a home. */
  readonly checkpoints?: Checkpoints;
}

/** Runs a task to its answer. */
export async function runTask(
  task: Task,
  context: TaskContext,
): Promise<Answer> {
  if (task.threadId === undefined) return await begin(task, context);
  await context.checkpoints?.restore(task.threadId);
  try {
    return await goOn(task, task.threadId, context);
  } catch (error) {
    if (!(error instanceof CodexThreadNotFoundError)) throw error;
    // The attempt ended before the CLI, or a checkpoint, had written anything.
    return await begin(task, context);
  }
}

/** Begins a thread. */
async function begin(task: Task, context: TaskContext): Promise<Answer> {
  const thread = context.codex.startThread(threadOptions(task, context));
  return await follow(
    await thread.runStreamed(task.prompt, turnOptions(context)),
    context,
  );
}

/** Goes on with a thread, which knows what has been done, and what was cut off. */
async function goOn(
  task: Task,
  threadId: string,
  context: TaskContext,
): Promise<Answer> {
  const options = threadOptions(task, context);
  const thread = context.codex.resumeThread(threadId, options);
  const prompt =
    "You were interrupted. See what is done already, do not do it again, and finish " +
    `the task: ${task.prompt}`;
  return await follow(
    await thread.runStreamed(prompt, turnOptions(context)),
    context,
  );
}

/** Follows a turn to its end. An error in here, such as a conflict in the store, ends the CLI. */
async function follow(
  turn: StreamedTurn<Answer>,
  { onThread, onProgress, checkpoints }: TaskContext,
): Promise<Answer> {
  let threadId = "";
  for await (const event of turn) {
    if (event.type === "thread.started") {
      threadId = event.thread_id;
      await onThread?.(threadId);
    } else if (
      event.type === "item.started" || event.type === "item.completed"
    ) {
      await checkpoints?.save(threadId);
      await onProgress?.(event.item.type);
    }
  }
  await checkpoints?.save(threadId);
  return turn.result.structuredResponse;
}

function threadOptions(task: Task, context: TaskContext): ThreadOptions {
  const { workingDirectory } = task;
  return { ...context.threadOptions, workingDirectory };
}

/** Nobody watches: a turn has both limits. */
function turnOptions({ signal }: TaskContext) {
  return {
    outputType: Answer,
    signal,
    timeoutMs: 30 * 60_000,
    idleTimeoutMs: 5 * 60_000,
  };
}
