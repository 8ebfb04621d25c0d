import type { StreamedEvent } from "../../protocol/deltas.ts";
import type { JsonObject, JsonValue } from "../../protocol/json.ts";
import type { Turn } from "../../turn/turn.ts";
import type { AiPart } from "../model_types.ts";
import type { PartMapper } from "../part_mapper.ts";
import type { ToolWork } from "../tool_parts.ts";
import { toAiUsage } from "../usage.ts";
import { isItsItem, readApproval, toFacts } from "./approval_parts.ts";
import type { ApprovalQuestion, CallQuestion, Question } from "./questions.ts";

/** The questions that a turn may ask in its answers. */
export interface BridgeOptions {
  /** The names of the AI SDK's own tools that the agent may call. */
  readonly tools: ReadonlySet<string>;
  /** True if approval requests are passed on. */
  readonly hasApprovals: boolean;
}

type ToolCallPart = Extract<AiPart, { type: "tool-call" }>;

/**
 * Maps a turn's events to the parts of several answers, one for each step. Between two steps,
 * the turn waits for answers to its questions.
 */
export class StepMapper {
  readonly #mapper: PartMapper;
  readonly #bridge: BridgeOptions;
  /** The calls that were passed on, whose items are not shown again. */
  readonly #handedOut: CallQuestion[] = [];
  /** The calls that the agent runs itself, by id. */
  readonly #calls = new Map<string, ToolCallPart>();
  /** The ids of the calls that this step's answer holds. */
  readonly #shown = new Set<string>();
  /** The ids of denied calls, which the AI SDK reports itself. */
  readonly #denied = new Set<string>();
  /** The calls of approval requests, by the requests' ids. */
  readonly #passedOn = new Map<string, { itemId: string; callId: string }>();
  #isStreamed = true;

  /** Creates it over the mapper of the turn. */
  constructor(mapper: PartMapper, bridge: BridgeOptions) {
    this.#mapper = mapper;
    this.#bridge = bridge;
  }

  /** The thread's id; `null` until it is known. */
  get threadId(): string | null {
    return this.#mapper.threadId;
  }

  /**
   * Begins the answer of a step.
   *
   * @param isStreamed False if the answer is returned as a whole, in which the AI SDK looks for
   * the call of each result.
   */
  beginStep(isStreamed: boolean): AiPart[] {
    this.#isStreamed = isStreamed;
    this.#shown.clear();
    return this.#mapper.beginStep();
  }

  /** Maps an event to the parts that it adds. */
  add(event: StreamedEvent): AiPart[] {
    return this.#complete(
      this.#isAnnounced(event)
        ? [...this.#mapper.raw(event), ...this.#mapper.interrupt()]
        : this.#mapper.add(event),
    );
  }

  /** Tells whether an event announces a call of one of the AI SDK's own tools. */
  announcesCall(event: StreamedEvent): boolean {
    return event.type === "item.started" &&
      event.item.type === "mcp_tool_call" &&
      this.#bridge.tools.has(event.item.tool);
  }

  /** Ends the answer with questions. */
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
      // The turn's tokens are only known at its end.
      usage: toAiUsage(null),
      providerMetadata: this.#mapper.metadata(
        hasApprovals ? { approvals } : {},
      ),
    }]);
  }

  /** Notes the answer to an approval request; returns the result of a call that does not belong to an item. */
  decide({ id, request }: ApprovalQuestion, isApproved: boolean): AiPart[] {
    const asked = this.#passedOn.get(id);
    if (asked === undefined) return [];
    this.#passedOn.delete(id);
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

  /** Ends the open parts of an answer whose turn has failed. */
  fail(): AiPart[] {
    return this.#mapper.fail();
  }

  /** Tells whether the content of an event is shown in another way. */
  #isAnnounced(event: StreamedEvent): boolean {
    if (this.announcesCall(event)) return true;
    const { tools, hasApprovals } = this.#bridge;
    switch (event.type) {
      case "item.started":
      case "item.updated":
        // Its diff is known only once approval is requested, or turns out not to be needed.
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

  /** Removes a call from those that were passed on; tells whether it was one of them. */
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
    this.#passedOn.set(id, { itemId, callId });
    const call = this.#calls.get(callId);
    // A call of an earlier answer has to be repeated in this one.
    const again = call !== undefined && !this.#shown.has(callId) ? [call] : [];
    return [...again, ...parts, {
      type: "tool-approval-request",
      approvalId: id,
      toolCallId: callId,
      providerMetadata: this.#mapper.metadata(),
    }];
  }

  /** Adapts parts to the AI SDK's rules: repeats calls of earlier answers, and drops results of denied calls. */
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

/** Tells whether a shown call is the same as that of an approval request. */
function isSameCall(shown: ToolWork, work: ToolWork): boolean {
  return shown.toolName === work.toolName &&
    sameJson(shown.input, work.input);
}

function sameJson(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
