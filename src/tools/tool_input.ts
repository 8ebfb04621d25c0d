import {
  CodexError,
  CodexInputError,
  CodexInternalError,
} from "../errors/codex_error.ts";
import type { ClientTool } from "../options/tools.ts";
import { describeIssues } from "../output/issues.ts";
import {
  adaptType,
  loadZodCoreFor,
  type TypeAdapter,
} from "../output/output_type.ts";
import { needsZodCore } from "../output/zod_schema.ts";
import { isZodType, type ZodCore } from "../output/zod_type.ts";
import type { JsonObject } from "../protocol/json.ts";
import { findTooDeep } from "../util/nesting.ts";
import { quoted } from "../util/text.ts";

/** The deepest input, in levels: libraries read it recursively. */
const MAX_INPUT_DEPTH = 500;

/** The deepest schema that the CLI reads within its list of tools, in levels (facts F64). */
const MAX_SCHEMA_DEPTH = 100;

/** The reader of a tool's input. */
export interface ToolInput {
  /** The JSON Schema of the input, an object. */
  readonly schema: JsonObject;
  /** Reads an input; returns the problem with an input that does not match. */
  read(
    input: unknown,
  ): Promise<{ readonly value: unknown } | { readonly problem: string }>;
}

/**
 * Checks the type of a tool's input, unless that needs zod: such types are checked when a
 * turn is prepared.
 *
 * @throws {CodexInputError} If the type cannot be used.
 */
export function checkInputType(tool: ClientTool): void {
  if (isZodType(tool.input) && needsZodCore(tool.input)) return;
  makeInput(tool, undefined);
}

/**
 * Prepares the input of a tool, and loads zod if its type needs it.
 *
 * @throws {CodexInputError} If the type cannot be used.
 */
export async function prepareInput(tool: ClientTool): Promise<ToolInput> {
  return makeInput(tool, await loadZodCoreFor(tool.input));
}

function makeInput(
  { name, input }: ClientTool,
  zodCore: ZodCore | undefined,
): ToolInput {
  try {
    const adapter = adaptType(input, () => {
      if (zodCore !== undefined) return zodCore;
      throw new CodexInternalError("Zod is needed and has not been loaded");
    }, "it");
    const schema = adapter.schema();
    // MCP and the model only support inputs with named properties.
    if (schema.type !== "object") {
      throw new CodexInputError(
        "it must be the type of an object: wrap it in one, as in z.object({ value: … })",
        { path: "input" },
      );
    }
    if (findTooDeep(schema, MAX_SCHEMA_DEPTH) !== undefined) {
      throw new CodexInputError(
        `its JSON Schema is nested deeper than ${MAX_SCHEMA_DEPTH} levels, which the CLI does not read; name its parts and refer to them`,
        { path: "input" },
      );
    }
    return { schema, read: (value) => readInput(adapter, value) };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    throw new CodexInputError(
      `Cannot use the input of the tool ${quoted(name)}: ${error.message}`,
      { path: "input", cause: error },
    );
  }
}

async function readInput(
  adapter: TypeAdapter<unknown>,
  value: unknown,
): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  if (findTooDeep(value, MAX_INPUT_DEPTH) !== undefined) {
    return { problem: `it is nested deeper than ${MAX_INPUT_DEPTH} levels` };
  }
  const read = await adapter.validate(value);
  return "value" in read
    ? { value: read.value }
    : { problem: describeIssues(read.issues) };
}
