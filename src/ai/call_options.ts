import { CodexInputError } from "../errors/codex_error.ts";
import type { ModelReasoningEffort } from "../options/options.ts";
import { isObject } from "../protocol/json.ts";
import type { AiCallOptions, AiWarning } from "./model_types.ts";

/** One of the AI SDK's own tools. */
export interface OfferedTool {
  /** The tool's name. */
  readonly name: string;
  /** The tool's purpose; its name if the caller gives none. */
  readonly description: string;
  /** The JSON Schema of the tool's input. */
  readonly schema: object;
}

/** The parts of a call other than its prompt. */
export interface ReadCall {
  /** The thread to continue, if the caller names one. */
  readonly threadId: string | undefined;
  /** Options of the thread that override those of the model; the client checks them. */
  readonly thread: { readonly [option: string]: unknown };
  /** The JSON Schema of the answer. */
  readonly schema: object | undefined;
  /** The form of the answer. */
  readonly form: "text" | "json" | "schema";
  /** The AI SDK's own tools that the agent may call. */
  readonly tools: readonly OfferedTool[];
  /** Warnings about requested features that are not supported. */
  readonly warnings: AiWarning[];
}

/** The call options that the agent does not support. */
const MEANINGLESS = [
  "maxOutputTokens",
  "temperature",
  "stopSequences",
  "topP",
  "topK",
  "presencePenalty",
  "frequencyPenalty",
  "seed",
] as const satisfies readonly (keyof AiCallOptions)[];

/** The reasoning efforts that the AI SDK and the CLI share. */
const EFFORTS: readonly string[] = [
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
] satisfies ModelReasoningEffort[];

/**
 * Reads the parts of a call other than its prompt.
 *
 * @param bridgesTools True if the AI SDK's own tools may be called.
 * @throws {CodexInputError} If `providerOptions.codex` is not an object, or its `threadId`
 * is not a text.
 */
export function readCall(
  options: AiCallOptions,
  bridgesTools: boolean,
): ReadCall {
  const own = options.providerOptions?.codex ?? {};
  if (!isObject(own)) {
    throw new CodexInputError(
      "providerOptions.codex must be an object with threadId and thread options",
      { path: "providerOptions.codex" },
    );
  }
  const { threadId, ...thread } = own;
  if (threadId !== undefined && typeof threadId !== "string") {
    throw new CodexInputError(
      "providerOptions.codex.threadId must be a thread id",
      { path: "providerOptions.codex.threadId" },
    );
  }
  const { responseFormat, reasoning } = options;
  const isJson = responseFormat?.type === "json";
  const schema = isJson ? responseFormat.schema : undefined;
  return {
    threadId,
    thread: {
      ...isEffort(reasoning) && { modelReasoningEffort: reasoning },
      ...thread,
    },
    schema,
    form: !isJson ? "text" : schema === undefined ? "json" : "schema",
    tools: bridgesTools && options.toolChoice?.type !== "none"
      ? readTools(options.tools ?? [])
      : [],
    warnings: listWarnings(options, bridgesTools),
  };
}

/** Reads the tools that have a schema; the others are run by their providers. */
function readTools(tools: readonly unknown[]): OfferedTool[] {
  return tools.filter(isFunctionTool).map((tool) => ({
    name: tool.name,
    description: tool.description?.trim() || tool.name,
    schema: tool.inputSchema,
  }));
}

/** A tool in the AI SDK's form. */
interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: object;
}

function isFunctionTool(tool: unknown): tool is FunctionTool {
  return isObject(tool) && tool.type === "function";
}

function isEffort(reasoning: string | undefined): boolean {
  return reasoning !== undefined && EFFORTS.includes(reasoning);
}

function listWarnings(
  options: AiCallOptions,
  bridgesTools: boolean,
): AiWarning[] {
  const { tools = [], toolChoice, responseFormat, reasoning } = options;
  const warnings: AiWarning[] = MEANINGLESS
    .filter((name) => options[name] !== undefined)
    .map((feature) => ({
      type: "unsupported",
      feature,
      details: "codex has no such setting",
    }));
  if (!bridgesTools && tools.length > 0) {
    warnings.push({
      type: "unsupported",
      feature: "tools",
      details:
        'the agent calls its own tools and those of MCP servers; with the option tools: "bridge" of codexModel it may call these as well',
    });
  }
  if (bridgesTools && !tools.every(isFunctionTool)) {
    warnings.push({
      type: "unsupported",
      feature: "tools",
      details: "the agent cannot use tools that another provider runs",
    });
  }
  const isHeeded = toolChoice?.type === "auto" ||
    bridgesTools && toolChoice?.type === "none";
  if (toolChoice !== undefined && !isHeeded) {
    warnings.push({
      type: "unsupported",
      feature: "toolChoice",
      details: "the agent chooses its tools",
    });
  }
  if (responseFormat?.type === "json" && responseFormat.schema === undefined) {
    warnings.push({
      type: "compatibility",
      feature: "responseFormat",
      details: "without a schema, the agent is asked for JSON in the prompt",
    });
  }
  if (
    reasoning !== undefined && reasoning !== "provider-default" &&
    !isEffort(reasoning)
  ) {
    warnings.push({
      type: "unsupported",
      feature: "reasoning",
      details: "codex has no such reasoning effort",
    });
  }
  return warnings;
}
