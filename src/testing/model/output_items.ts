import type { OutputItem } from "./model_reply.ts";

/** Options of {@linkcode modelCommand}, under the argument names of the CLI's tool. */
export interface CommandOptions {
  /** The working directory. @default {the directory of the turn} */
  readonly workdir?: string;
  /**
   * The milliseconds after which the CLI hands a running command back to the model,
   * from 250 to 30,000. @default {10000}
   */
  readonly yield_time_ms?: number;
  /** `true` if the shell is a login shell. @default {true} */
  readonly login?: boolean;
  /** `true` if the command gets a terminal. @default {false} */
  readonly tty?: boolean;
}

/** One step of a {@linkcode modelPlan}. */
export interface PlanStep {
  /** The task. */
  readonly step: string;
  /** The progress. @default {"pending"} */
  readonly status?: "pending" | "in_progress" | "completed";
}

/**
 * Makes the model write a message.
 *
 * @param text The message; for a structured answer, the JSON text. A list holds the pieces
 * of one message, which the CLI receives one after the other, as deltas.
 * @returns A part for `modelAnswer`.
 */
export function modelMessage(text: string | readonly string[]): OutputItem {
  const pieces = typeof text === "string" ? [text] : text;
  return {
    type: "message",
    role: "assistant",
    content: pieces.map((text) => ({ type: "output_text", text })),
  };
}

/**
 * Makes the model write a summary of its reasoning.
 *
 * @param summary The summary, which the CLI prints as a `reasoning` item.
 * @returns A part for `modelAnswer`.
 */
export function modelReasoning(summary: string): OutputItem {
  return {
    type: "reasoning",
    summary: [{ type: "summary_text", text: summary }],
  };
}

/**
 * Makes the model call for a shell command, which the CLI really runs.
 *
 * @param cmd The command line.
 * @param options The options of the tool.
 * @returns A part for `modelAnswer`.
 */
export function modelCommand(
  cmd: string,
  options: CommandOptions = {},
): OutputItem {
  return modelFunctionCall("exec_command", { cmd, ...options });
}

/**
 * Makes the model change files with the CLI's `apply_patch` tool.
 *
 * The CLI gives this tool only to models that it knows, including its default model;
 * for any other `model` it rejects the call.
 *
 * @param text The patch, from `*** Begin Patch` to `*** End Patch`.
 * @returns A part for `modelAnswer`.
 */
export function modelPatch(text: string): OutputItem {
  return {
    type: "custom_tool_call",
    status: "completed",
    name: "apply_patch",
    input: text,
  };
}

/**
 * Makes the model write or rewrite its plan, which the CLI prints as a `todo_list` item.
 *
 * The CLI offers the tool only with `tools.update_plan.enabled=true`, which
 * `ScriptedModel.config` sets.
 *
 * @param steps The whole plan; a string is a pending step.
 * @returns A part for `modelAnswer`.
 */
export function modelPlan(steps: readonly (string | PlanStep)[]): OutputItem {
  return modelFunctionCall("update_plan", {
    plan: steps.map((step) =>
      typeof step === "string"
        ? { step, status: "pending" }
        : { step: step.step, status: step.status ?? "pending" }
    ),
  });
}

/**
 * Makes the model report a web search; nothing is searched.
 *
 * @param query The query.
 * @returns A part for `modelAnswer`.
 */
export function modelWebSearch(query: string): OutputItem {
  return {
    type: "web_search_call",
    status: "completed",
    action: { type: "search", query, queries: [query] },
  };
}

/**
 * Makes the model call a tool of an MCP server that is configured in the CLI.
 *
 * @param server The server's name in `mcp_servers`.
 * @param tool The tool's name.
 * @param args The arguments.
 * @returns A part for `modelAnswer`.
 */
export function modelMcpCall(
  server: string,
  tool: string,
  args: Readonly<Record<string, unknown>> = {},
): OutputItem {
  return { ...modelFunctionCall(tool, args), namespace: `mcp__${server}` };
}

/**
 * Makes the model call any function tool by its name.
 *
 * @param name The tool's name.
 * @param args The arguments: an object, or a string to send unchanged.
 * @returns A part for `modelAnswer`.
 */
export function modelFunctionCall(
  name: string,
  args: Readonly<Record<string, unknown>> | string,
): OutputItem {
  return {
    type: "function_call",
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  };
}
