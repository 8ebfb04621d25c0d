import { MAX_TIMER_MS } from "../../options/table.ts";
import type { TurnOptions } from "../../options/options.ts";
import type { ClientTool, ToolResult } from "../../options/tools.ts";
import type { JsonValue } from "../../protocol/json.ts";
import { quoted } from "../../util/text.ts";
import type { AgentThread } from "../agent_client.ts";
import type { OfferedTool } from "../call_options.ts";
import { Questions } from "./questions.ts";
import { questionId } from "./waiting_turns.ts";

/** What a turn is given so that it asks others. */
export interface Bridge {
  /** What it asks. */
  readonly questions: Questions;
  /** The names of the tools that it has. */
  readonly tools: ReadonlySet<string>;
  /** Sets the tools that may be called from now on, of those that it has. */
  offer(tools: readonly OfferedTool[]): void;
  /** The options that make it ask. */
  readonly turnOptions:
    & Pick<TurnOptions, "tools" | "toolTimeoutMs">
    & Pick<Parameters<AgentThread["runStreamed"]>[1], "onApproval">;
}

/** The longest time that a call takes beside the waiting for steps, in ms. */
const MARGIN_MS = 60_000;

/**
 * Makes what has a turn ask others: to run tools, and for leave.
 *
 * @param limitMs How long the turn waits for the next step.
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
    // The AI SDK judges the input itself.
    input: { schema, parse: (value: unknown) => value },
    run: async (input, { signal }) => {
      if (!allowed.has(name)) {
        throw new Error(`The tool ${quoted(name)} is not offered in this step`);
      }
      return await questions.ask<ToolResult>(signal, (answer, refuse) => ({
        type: "call",
        id: questionId("call"),
        toolName: name,
        input: input as JsonValue,
        answer,
        refuse,
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
        // A call may come while another one is waited for; the turn's own limit is the
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
