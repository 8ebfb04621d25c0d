import { ownTool } from "../options/own_tools.ts";
import type { ClientTool, ToolDefinition } from "../options/tools.ts";
import { checkInputType } from "./tool_input.ts";

/**
 * Turns a function of the program into a tool that the agent may call while a turn runs.
 * Pass it in `tools` of a client, a thread or a turn.
 *
 * @typeParam I The type that `input` parses the agent's input into.
 * @throws {CodexInputError} If the name, the description or the input type cannot be used.
 *
 * @example Let the agent look up a price
 * ```ts
 * import { Codex, tool } from "@acodex/sdk";
 * import { z } from "zod";
 *
 * const prices = new Map([["7", 42]]);
 * const lookup = tool({
 *   name: "lookup_price",
 *   description: "Looks up the price of an article, in euros",
 *   input: z.object({ article: z.string() }),
 *   run: ({ article }) => ({ euros: prices.get(article) ?? null }),
 * });
 *
 * const codex = new Codex({ tools: [lookup] });
 * const thread = codex.startThread({ sandboxMode: "read-only" });
 * const turn = await thread.run("What does article 7 cost? Use lookup_price.");
 * console.log(turn.finalResponse);
 * ```
 */
export function tool<I>(definition: ToolDefinition<I>): ClientTool {
  const own = ownTool(definition, "");
  checkInputType(own);
  return Object.freeze(own);
}
