import type { JsonObject } from "../protocol/json.ts";
import type { ImageSource, OutputType } from "./options.ts";

/** The context of a call of a tool. */
export interface ToolContext {
  /**
   * Aborted when nobody is waiting for the result any more: the turn has ended or is
   * being ended, the agent has cancelled the call, or `toolTimeoutMs` has passed.
   */
  readonly signal: AbortSignal;
  /**
   * The id of the calling thread: the turn's, or that of an agent that it has started.
   */
  readonly threadId: string;
  /** The id that the model gave the call. */
  readonly callId: string;
}

/** One part of a tool's result: text, or an image. */
export type ToolResultPart =
  | {
    /** Marks text. */
    readonly type: "text";
    /** The text. */
    readonly text: string;
  }
  | {
    /** Marks an image. */
    readonly type: "image";
    /** The image; a string is a `data:` URL. */
    readonly image: ImageSource;
  };

/** The result of a tool: a text, parts, or a JSON object. */
export type ToolResult = string | readonly ToolResultPart[] | JsonObject;

/** The definition of a tool, as passed to `tool()`. */
export interface ToolDefinition<I> {
  /** The name: 1 to 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /**
   * Says what the tool does, and when to use it. The agent searches for tools by this
   * text.
   */
  readonly description: string;
  /**
   * The type of the input, an object: a zod 4 schema, a Standard Schema that provides a
   * JSON Schema, or `{ schema, parse }`. Input that does not match is not passed to
   * `run`; the agent gets an error that describes the problem.
   */
  readonly input: OutputType<I>;
  /**
   * Runs the tool. If it throws, the agent gets a failed call with the error's message.
   * Several calls may run at the same time.
   */
  run(input: I, context: ToolContext): ToolResult | Promise<ToolResult>;
}

/** A function of the program that the agent may call; created by `tool()`. */
export type ClientTool = ToolDefinition<unknown>;

/** The tools of a client, a thread or a turn. */
export interface ToolOptions {
  /**
   * Functions of the program that the agent may call, without approval, while a turn
   * runs. The tools of client, thread and turn are combined; of several with the same
   * name, the turn's counts, then the thread's. The agent finds them by their names and
   * descriptions. On Deno they require `--allow-net=127.0.0.1`; on `CodexAppServer` only
   * tools that the thread was not opened with require it, such as those of one turn.
   */
  tools?: readonly ClientTool[] | undefined;
  /**
   * The time limit for one call of a tool, in milliseconds. After that the call fails for
   * the agent, and its signal is aborted.
   *
   * @default {60000}
   */
  toolTimeoutMs?: number | undefined;
}
