import { CodexInputError } from "../errors/codex_error.ts";
import { quoted, shorten } from "../util/text.ts";
import type { ClientTool } from "./tools.ts";

/**
 * The tool names that the CLI and the model leave unchanged, except that `-` becomes `_`
 * (facts F63).
 */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The server names that the CLI accepts (facts F63); together with a tool's name it
 * accepts 128 characters.
 */
const SERVER_NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** The longest description of a tool, in characters: the model reads it. */
const MAX_DESCRIPTION_LENGTH = 16_384;

/** The default name of the server of the program's tools. */
export const TOOL_SERVER_NAME = "host";

/** The default time limit for a call of a tool, in milliseconds. */
export const TOOL_TIMEOUT_MS = 60_000;

/**
 * Copies a list of tools; rejects values that are not tools, and two tools with one name.
 *
 * @throws {CodexInputError} For a value that cannot be used.
 */
export function ownTools(given: unknown): readonly ClientTool[] {
  if (!Array.isArray(given)) {
    throw inputError("tools", "must be an array of tools that tool() returned");
  }
  const tools = Array.from(
    given as readonly unknown[],
    (each, index) => ownTool(each, `tools[${index}]`),
  );
  const places = new Map<string, number>();
  for (const [index, { name }] of tools.entries()) {
    const other = places.get(toModelName(name));
    if (other !== undefined) {
      throw inputError(
        `tools[${index}].name`,
        `must differ from that of tools[${other}]: both are ${
          quoted(toModelName(name))
        } for the model`,
      );
    }
    places.set(toModelName(name), index);
  }
  return tools;
}

/**
 * Copies a tool; rejects a value that is not a tool.
 *
 * @param path The path of the tool; empty if it is not in a list.
 * @throws {CodexInputError} For a value that cannot be used.
 */
export function ownTool(given: unknown, path: string): ClientTool {
  const at = (field: string): string =>
    path === "" ? field : `${path}.${field}`;
  if (typeof given !== "object" || given === null) {
    throw inputError(
      path || "definition",
      "must be an object, as tool() accepts",
    );
  }
  const definition = given as ClientTool;
  const { name, description, input, run } = definition as {
    readonly [K in keyof ClientTool]: unknown;
  };
  if (typeof name !== "string" || !TOOL_NAME.test(name)) {
    throw inputError(
      at("name"),
      `must be 1 to 64 letters, digits, "_" and "-"${shown(name)}`,
    );
  }
  if (
    typeof description !== "string" || description.trim() === "" ||
    description.length > MAX_DESCRIPTION_LENGTH
  ) {
    throw inputError(
      at("description"),
      `of the tool ${
        quoted(name)
      } must be a string of 1 to ${MAX_DESCRIPTION_LENGTH} characters: the agent chooses the tool by it`,
    );
  }
  if (typeof run !== "function") {
    throw inputError(
      at("run"),
      `of the tool ${quoted(name)} must be a function`,
    );
  }
  return {
    name,
    description,
    input: input as ClientTool["input"],
    run: (value, context) =>
      Reflect.apply(run as ClientTool["run"], definition, [value, context]),
  };
}

/** Merges lists of tools; if several have the same name, the last one counts. */
export function mergedTools(
  ...lists: readonly (readonly ClientTool[] | undefined)[]
): readonly ClientTool[] {
  const merged = new Map<string, ClientTool>();
  for (const tool of lists.flatMap((list) => list ?? [])) {
    merged.set(toModelName(tool.name), tool);
  }
  return [...merged.values()];
}

/**
 * Rejects a name that the CLI does not accept for a server.
 *
 * @throws {CodexInputError} For such a name.
 */
export function checkToolServerName(name: string): void {
  if (SERVER_NAME.test(name)) return;
  throw inputError(
    "toolServerName",
    `must be 1 to 32 letters, digits, "_" and "-"${shown(name)}`,
  );
}

/** Returns the name as the model sees it. */
function toModelName(name: string): string {
  return name.replaceAll("-", "_");
}

function shown(name: unknown): string {
  return typeof name === "string" ? `, not ${quoted(shorten(name, 100))}` : "";
}

function inputError(path: string, why: string): CodexInputError {
  return new CodexInputError(`${path} ${why}`, { path });
}
