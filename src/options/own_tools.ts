import { CodexInputError } from "../errors/codex_error.ts";
import { quoted, shorten } from "../util/text.ts";
import type { ClientTool } from "./tools.ts";

/** The names that the CLI and the model keep as they are, but for `-`, which becomes `_` (facts F63). */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The names of servers that the CLI takes (facts F63); together with a tool's it takes 128 characters. */
const SERVER_NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** The longest description of a tool: the model reads it. */
const MAX_DESCRIPTION_LENGTH = 16_384;

/** The name of the server of the program's tools, unless another is given. */
export const TOOL_SERVER_NAME = "host";

/** The longest that a call of a tool may take, in ms, unless another limit is given. */
export const TOOL_TIMEOUT_MS = 60_000;

/**
 * Copies a list of tools; rejects what is no tool, and two with one name.
 *
 * @throws {CodexInputError} For what cannot be used.
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
 * Copies a tool; rejects what is none.
 *
 * @param path Its path, empty for one that stands alone.
 * @throws {CodexInputError} For what cannot be used.
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

/** Puts tools together; the last of those with one name counts. */
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
 * Rejects a name that the CLI does not take for a server.
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

/** Gives the name as the model gets it. */
function toModelName(name: string): string {
  return name.replaceAll("-", "_");
}

function shown(name: unknown): string {
  return typeof name === "string" ? `, not ${quoted(shorten(name, 100))}` : "";
}

function inputError(path: string, why: string): CodexInputError {
  return new CodexInputError(`${path} ${why}`, { path });
}
