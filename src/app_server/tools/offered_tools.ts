import type {
  PreparedTool,
  PreparedTools,
} from "../../tools/prepared_tools.ts";
import { isObject, type JsonObject } from "../../protocol/json.ts";
import type { DynamicTool, DynamicTools } from "../connection/wire.ts";

/** The tools that a thread was opened with, each serialized with everything that the agent sees of it. */
export type OfferedTools = ReadonlySet<string>;

/** No tools. */
export const NO_TOOLS: OfferedTools = new Set();

/**
 * Maps tools to the form in which a thread is opened with them: in a separate namespace, so
 * that a name may be that of a tool of the CLI (facts A32). Returns `undefined` for no tools.
 */
export function dynamicTools(
  namespace: string,
  tools: PreparedTools,
): DynamicTools | undefined {
  if (tools.size === 0) return undefined;
  return [{
    type: "namespace",
    name: namespace,
    description: "Functions of the program",
    tools: [...tools.values()].map(toDynamic),
  }];
}

/** Maps tools to the form in which they are compared. */
export function offeredTools(tools: PreparedTools): OfferedTools {
  return new Set(
    [...tools.values()].map((tool) => serializeTool(toDynamic(tool))),
  );
}

/** Returns the tools that a thread was not opened with, or with another definition. */
export function missingTools(
  tools: PreparedTools,
  offered: OfferedTools,
): PreparedTools {
  return new Map(
    [...tools].filter(([, tool]) =>
      !offered.has(serializeTool(toDynamic(tool)))
    ),
  );
}

/**
 * Reads the tools that a thread was opened with from the beginning of its file; returns
 * `undefined` if that does not name them (facts A35).
 */
export function readOfferedTools(start: string): OfferedTools | undefined {
  const end = start.indexOf("\n");
  if (end < 0) return undefined;
  let line: unknown;
  try {
    line = JSON.parse(start.slice(0, end));
  } catch {
    return undefined;
  }
  if (!isObject(line) || line.type !== "session_meta") return undefined;
  const { payload } = line;
  if (!isObject(payload)) return undefined;
  const { dynamic_tools: given } = payload;
  if (given === undefined || given === null) return NO_TOOLS;
  return Array.isArray(given)
    ? new Set(given.filter(isObject).flatMap(listTools).map(serializeTool))
    : undefined;
}

/** Lists the tools of a namespace; returns a single tool unchanged. */
function listTools(kept: JsonObject): readonly JsonObject[] {
  return Array.isArray(kept.tools) ? kept.tools.filter(isObject) : [kept];
}

function serializeTool({ name, description, inputSchema }: JsonObject): string {
  return JSON.stringify({ name, description, inputSchema });
}

function toDynamic({ tool, input }: PreparedTool): DynamicTool & JsonObject {
  const { name, description } = tool;
  return { type: "function", name, description, inputSchema: input.schema };
}
