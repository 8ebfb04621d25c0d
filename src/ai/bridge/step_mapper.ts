import type { StreamedEvent } from "../../protocol/deltas.ts";
import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import type { Turn } from "../../turn/turn.ts";
import type { AiPart } from "../model_types.ts";
import type { PartMapper } from "../part_mapper.ts";
import type { ToolWork } from "../tool_parts.ts";
import { toAiUsage } from "../usage.ts";
import { isItsItem, readApproval, toFacts } from "./approval_parts.ts";
import type { ApprovalQuestion, CallQuestion, Question } from "./questions.ts";

/** What is asked of others in a turn's answers. */
export interface BridgeOptions {
  /** The names of the AI SDK's own tools that the agent may call. */
  readonly tools: ReadonlySet<string>;
  /** Says whether requests for leave are handed out. */
  readonly hasApprovals: boolean;
}

type ToolCallPart = Extract<AiPart, { type: "tool-call" }>;

/**
 * Maps a turn's events to parts of several answers, one for each step: between two of them
 * the turn waits for what somebody else has to say.
 */
export class StepMapper {
  readonly #mapper: PartMapper;
  readonly #bridge: BridgeOptions;
  /** The calls that were handed out, whose items tell nothing new. */
  readonly #handedOut: CallQuestion[] = [];
  /** The calls that the agent runs itself, by their ids. */
  readonly #calls = new Map<string, ToolCallPart>();
  /** The ids of those that the answer of this step has. */
  readonly #shown = new Set<string>();
  /** Those that were not allowed, which the AI SDK says itself. */
  readonly #denied = new Set<string>();
  /** The calls that requests for leave are about, by the requests' ids. */
  readonly #asked = new Map<string, { itemId: string; callId: string }>();
  #isStreamed = true;

  /** Makes it over a mapper of the turn. */
  constructor(mapper: PartMapper, bridge: BridgeOptions) {
    this.#mapper = mapper;
    this.#bridge = bridge;
  }

  /** The thread, once it is known. */
  get threadId(): string | null {
    return this.#mapper.threadId;
  }

  /**
   * Begins the answer of a step.
   *
   * @param isStreamed False if the answer is one whole, in which the AI SDK looks for the
   * call of each result.
   */
  beginStep(isStreamed: boolean): AiPart[] {
    this.#isStreamed = isStreamed;
    this.#shown.clear();
    return this.#mapper.beginStep();
  }

  /** Maps an event to the parts that it adds. */
  add(event: StreamedEvent): AiPart[] {
    return this.#complete(
      this.#isTold(event)
        ? [...this.#mapper.raw(event), ...this.#mapper.interrupt()]
        : this.#mapper.add(event),
    );
  }

  /** Tells whether an event is a sign that a call of the AI SDK's own tools comes. */
  announcesCall(event: StreamedEvent): boolean {
    return event.type === "item.started" &&
      event.item.type === "mcp_tool_call" &&
      this.#bridge.tools.has(event.item.tool);
  }

  /** Ends the answer with what is asked of others. */
  pause(questions: readonly Question[]): AiPart[] {
    const parts = this.#mapper.interrupt();
    const approvals: JsonObject = {};
    for (const question of questions) {
      if (question.type === "call") {
        parts.push(this.#askCall(question));
      } else {
        parts.push(...this.#askApproval(question));
        approvals[question.id] = toFacts(question.request);
      }
    }
    const hasApprovals = Object.keys(approvals).length > 0;
    return this.#complete([...parts, {
      type: "finish",
      finishReason: { unified: "tool-calls", raw: "waiting" },
      // The turn's tokens are known at its end.
      usage: toAiUsage(null),
      providerMetadata: this.#mapper.metadata(
        hasApprovals ? { approvals } : {},
      ),
    }]);
  }

  /** Notes the answer to a request for leave; gives the result of a call that no item tells of. */
  decide({ id, request }: ApprovalQuestion, isApproved: boolean): AiPart[] {
    const asked = this.#asked.get(id);
    if (asked === undefined) return [];
    this.#asked.delete(id);
    if (asked.itemId === request.itemId) {
      if (!isApproved) this.#denied.add(asked.callId);
      return [];
    }
    const result = this.#mapper.closeCall(asked.itemId);
    return isApproved ? this.#complete(result) : [];
  }

  /** Ends the answer with the turn that it came from. */
  end(turn: Turn): AiPart[] {
    return this.#complete(this.#mapper.end(turn));
  }

  /** Ends what has been begun of an answer whose turn has failed. */
  fail(): AiPart[] {
    return this.#mapper.fail();
  }

  /** Tells whether an event says what is told in another way. */
  #isTold(event: StreamedEvent): boolean {
    if (this.announcesCall(event)) return true;
    const { tools, hasApprovals } = this.#bridge;
    switch (event.type) {
      case "item.started":
      case "item.updated":
        // Its diff is known once leave is asked for, or not needed.
        return hasApprovals && event.item.type === "file_change";
      case "item.completed": {
        const { item } = event;
        return item.type === "mcp_tool_call" && tools.has(item.tool) &&
          this.#takeHandedOut(item.tool, item.arguments);
      }
      default:
        return false;
    }
  }

  /** Takes a call from those that were handed out, if it is one. */
  #takeHandedOut(toolName: string, input: unknown): boolean {
    const json = JSON.stringify(input ?? {});
    const index = this.#handedOut.findIndex((call) =>
      call.toolName === toolName && JSON.stringify(call.input) === json
    );
    if (index === -1) return false;
    this.#handedOut.splice(index, 1);
    return true;
  }

  #askCall(call: CallQuestion): AiPart {
    this.#handedOut.push(call);
    return {
      type: "tool-call",
      toolCallId: call.id,
      toolName: call.toolName,
      input: JSON.stringify(call.input),
      providerMetadata: this.#mapper.metadata(),
    };
  }

  #askApproval({ id, request }: ApprovalQuestion): AiPart[] {
    const work = readApproval(request);
    const shown = this.#mapper.findCall(request.itemId);
    const isItem = isItsItem(request) &&
      (shown === undefined || isSameCall(shown, work));
    const itemId = isItem ? request.itemId : id;
    const { id: callId, parts } = this.#mapper.openCall(itemId, work);
    this.#asked.set(id, { itemId, callId });
    const call = this.#calls.get(callId);
    // One that an earlier answer has is to be in this one.
    const again = call !== undefined && !this.#shown.has(callId) ? [call] : [];
    return [...again, ...parts, {
      type: "tool-approval-request",
      approvalId: id,
      toolCallId: callId,
      providerMetadata: this.#mapper.metadata(),
    }];
  }

  /** Keeps to what the AI SDK takes: calls of earlier answers, and what was not allowed. */
  #complete(parts: readonly AiPart[]): AiPart[] {
    return parts.flatMap((part): AiPart[] => {
      if (part.type === "tool-call") {
        this.#shown.add(part.toolCallId);
        if (part.providerExecuted) this.#calls.set(part.toolCallId, part);
        return [part];
      }
      if (part.type !== "tool-result") return [part];
      const id = part.toolCallId;
      if (part.preliminary) return [part];
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (this.#denied.delete(id) && part.isError) return [];
      if (this.#isStreamed || call === undefined || this.#shown.has(id)) {
        return [part];
      }
      this.#shown.add(id);
      return [call, part];
    });
  }
}

/** Tells whether a call that is shown says what leave is asked for. */
function isSameCall(shown: ToolWork, work: ToolWork): boolean {
  return shown.toolName === work.toolName &&
    sameJson(shown.input, work.input);
}

function sameJson(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
