import { MAX_TIMER_MS } from "../../options/table.ts";
import type { TurnOptions } from "../../options/options.ts";
import type { ClientTool, ToolResult } from "../../options/tools.ts";
import type { JsonValue } from "../../protocol/json.ts";
import { quoted } from "../../util/text.ts";
import type { AgentThread } from "../agent_client.ts";
import type { OfferedTool } from "../call_options.ts";
import { Questions } from "./questions.ts";
import { questionId } from "./waiting_turns.ts";

/** The link that lets a turn ask the AI SDK and its user. */
export interface Bridge {
  /** The questions of the turn. */
  readonly questions: Questions;
  /** The names of the turn's tools. */
  readonly tools: ReadonlySet<string>;
  /** Sets the tools, of the turn's, that may be called from now on. */
  offer(tools: readonly OfferedTool[]): void;
  /** The turn options that make it ask. */
  readonly turnOptions:
    & Pick<TurnOptions, "tools" | "toolTimeoutMs">
    & Pick<Parameters<AgentThread["runStreamed"]>[1], "onApproval">;
}

/** The longest time of a call apart from waiting for steps, in ms. */
const MARGIN_MS = 60_000;

/**
 * Creates the bridge through which a turn asks the AI SDK to run tools, and its user for
 * approval.
 *
 * @param limitMs Milliseconds that the turn waits for the next step.
 */
export function makeBridge(
  offered: readonly OfferedTool[],
  { hasApprovals, limitMs }: {
    readonly hasApprovals: boolean;
    readonly limitMs: number;
  },
): Bridge {
  const questions = new Questions();
  const tools = collectNames(offered);
  let allowed = tools;
  const toTool = ({ name, description, schema }: OfferedTool): ClientTool => ({
    name,
    description,
    // The AI SDK checks the input itself.
    input: { schema, parse: (value: unknown) => value },
    run: async (input, { signal }) => {
      if (!allowed.has(name)) {
        throw new Error(`The tool ${quoted(name)} is not offered in this step`);
      }
      return await questions.ask<ToolResult>(signal, (answer, reject) => ({
        type: "call",
        id: questionId("call"),
        toolName: name,
        input: input as JsonValue,
        answer,
        reject,
      }));
    },
  });
  return {
    questions,
    tools,
    offer: (offered) => allowed = collectNames(offered),
    turnOptions: {
      ...offered.length > 0 && {
        tools: offered.map(toTool),
        // A call may arrive while another one is waiting; the limit between steps is the
        // shorter one.
        toolTimeoutMs: Math.min(MAX_TIMER_MS, 2 * limitMs + MARGIN_MS),
      },
      ...hasApprovals && {
        onApproval: async (request, { signal }) => {
          const isApproved = await questions.ask<boolean>(signal, (answer) => ({
            type: "approval",
            id: questionId("approval"),
            request,
            answer,
          }));
          return isApproved ? "accept" : "decline";
        },
      },
    },
  };
}

function collectNames(tools: readonly OfferedTool[]): ReadonlySet<string> {
  return new Set(tools.map(({ name }) => name));
}
