/**
 * One task of the fleet, for a queue, a pool or a plain loop. It starts a thread, or resumes
 * the one that an earlier attempt started.
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

/** The task as plain data: a queue stores it as JSON. */
export interface Task {
  /** The prompt. */
  readonly prompt: string;
  /** The folder that the agent works in. */
  readonly workingDirectory: string;
  /** The thread of an earlier attempt; set as soon as that thread started. */
  readonly threadId?: string;
}

const Answer = z.object({ summary: z.string() });

/** The result of a task. */
export type Answer = z.infer<typeof Answer>;

/** The context that a worker provides to a task. */
export interface TaskContext {
  readonly codex: Codex | CodexAppServer;
  readonly threadOptions: ThreadOptions;
  /** Ends the turn and its CLI. */
  readonly signal?: AbortSignal;
  /** Stores the thread's id with the task, before anything else happens in the turn. */
  readonly onThread?: (id: string) => void | Promise<void>;
  /** Receives the type of each item. Its text may hold secrets and must not go into a queue. */
  readonly onProgress?: (itemType: string) => void | Promise<void>;
  /** Stores the thread for other machines; `undefined` if they share a home. */
  readonly checkpoints?: Checkpoints;
}

/** Runs a task until it has its answer. */
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
    // The attempt ended before the CLI or a checkpoint had written anything.
    return await begin(task, context);
  }
}

/** Starts a thread. */
async function begin(task: Task, context: TaskContext): Promise<Answer> {
  const thread = context.codex.startThread(threadOptions(task, context));
  return await follow(
    await thread.runStreamed(task.prompt, turnOptions(context)),
    context,
  );
}

/** Resumes a thread, whose history shows what was done and what was cut off. */
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

/** Follows a turn to its end. An error here, such as a conflict in the store, ends the CLI. */
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

/** Both limits, because turns run unattended. */
function turnOptions({ signal }: TaskContext) {
  return {
    outputType: Answer,
    signal,
    timeoutMs: 30 * 60_000,
    idleTimeoutMs: 5 * 60_000,
  };
}
