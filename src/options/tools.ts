import type { JsonObject } from "../protocol/json.ts";
import type { ImageSource, OutputType } from "./options.ts";

/** What a tool is told beside its input. */
export interface ToolContext {
  /**
   * Aborted when nobody waits for the result any more: the turn has ended or is being
   * ended, the agent has cancelled the call, or `toolTimeoutMs` is over.
   */
  readonly signal: AbortSignal;
  /** The thread that calls: the turn's, or that of an agent which it has started. */
  readonly threadId: string;
  /** The call, by the id that the model gave it. */
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

/** What a tool gives the agent: a text, parts, or an object that JSON can hold. */
export type ToolResult = string | readonly ToolResultPart[] | JsonObject;

/** The definition of a tool, as `tool()` takes it. */
export interface ToolDefinition<I> {
  /** Its name: 1 to 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /** What it does, and when to use it. The agent searches for tools by this text. */
  readonly description: string;
  /**
   * The type of its input, an object: a zod 4 schema, a Standard Schema that gives a JSON
   * Schema, or `{ schema, parse }`. What does not match never reaches `run`; the agent is
   * told what is wrong.
   */
  readonly input: OutputType<I>;
  /**
   * Does it. What it throws, the agent gets as a failed call with the error's message.
   * Several calls may run at the same time.
   */
  run(input: I, context: ToolContext): ToolResult | Promise<ToolResult>;
}

/** A function of the program that the agent may call; made by `tool()`. */
export type ClientTool = ToolDefinition<unknown>;

/** The tools of a client, a thread or a turn. */
export interface ToolOptions {
  /**
   * Functions of the program that the agent may call, without approval, while a turn
   * runs. Those of client, thread and turn add up; of two with the same name, that of the
   * turn counts, then that of the thread. The agent finds them by their names and
   * descriptions; on Deno they take `--allow-net=127.0.0.1`, on `CodexAppServer` only what
   * a thread was not opened with, such as the tools of one turn.
   */
  tools?: readonly ClientTool[];
  /**
   * How long one call of a tool may take, in ms; then it has failed for the agent, and
   * its signal is aborted.
   *
   * @default {60000}
   */
  toolTimeoutMs?: number;
}
