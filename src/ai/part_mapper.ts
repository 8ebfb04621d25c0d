import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Turn } from "../turn/turn.ts";
import type { AnswerOptions } from "./model_options.ts";
import type { AiMetadata, AiPart } from "./model_types.ts";
import { readToolWork, type ToolWork } from "./tool_parts.ts";
import { toAiUsage, usageToJson } from "./usage.ts";

/** What a mapper is told of the answer that is wanted. */
export interface PartMapperOptions extends Required<AnswerOptions> {
  /** The form of the answer: with `json` and `schema` the last message alone is text. */
  readonly form: "text" | "json" | "schema";
  /** Makes the ids of tool calls this turn's own: the CLI counts items anew. */
  readonly tag: string;
  /** The model's name. */
  readonly modelId: string;
  /** Says whether each event is handed on as well. */
  readonly hasRawChunks: boolean;
}

/** A text that is being written. */
interface OpenText {
  readonly kind: "text" | "reasoning";
  readonly id: string;
}

/** A message of which it is not known yet whether it is the last. */
interface HeldMessage {
  readonly id: string;
  readonly text: string;
}

/** Maps a turn's events to parts of an answer in the AI SDK's words. */
export class PartMapper {
  readonly #options: PartMapperOptions;
  /** Says whether messages wait until the next one, or the end, tells what they were. */
  readonly #holds: boolean;
  #threadId: string | null = null;
  #attempt = 0;
  #open: OpenText | undefined;
  #held: HeldMessage | undefined;
  #textCount = 0;
  /** What has been written of items that are not complete. */
  readonly #written = new Map<string, string>();
  /** The calls without a result, by their ids. */
  readonly #calls = new Map<string, ToolWork>();

  /** Makes a mapper for one turn. */
  constructor(options: PartMapperOptions) {
    this.#options = options;
    this.#holds = options.form !== "text" || options.commentary !== "text";
  }

  /** The thread, once it is known. */
  get threadId(): string | null {
    return this.#threadId;
  }

  /** Maps an event to the parts that it adds. */
  add(event: StreamedEvent): AiPart[] {
    const parts: AiPart[] = this.#options.hasRawChunks
      ? [{ type: "raw", rawValue: event }]
      : [];
    switch (event.type) {
      case "thread.started":
        parts.push(...this.#openThread(event.thread_id));
        break;
      case "turn.started":
        // Each attempt at an answer counts its items anew.
        this.#attempt += 1;
        break;
      case "item.delta":
        if (event.kind === "agent_message" && !this.#holds) {
          parts.push(...this.#write("text", event.item_id, event.delta));
        } else if (event.kind === "reasoning") {
          parts.push(...this.#write("reasoning", event.item_id, event.delta));
        }
        break;
      case "item.started":
      case "item.updated":
        parts.push(...this.#follow(event.item));
        break;
      case "item.completed":
        parts.push(...this.#complete(event.item));
        break;
    }
    return parts;
  }

  /** Ends the answer with the turn that it came from. */
  end(turn: Turn): AiPart[] {
    const parts: AiPart[] = [];
    if (this.#holds) parts.push(...this.#writeAnswer(turn));
    const total: JsonObject = turn.usage === null
      ? {}
      : { usage: usageToJson(turn.usage) };
    // With the total, the next turn of the thread knows its own share.
    parts.push(...this.#close(total), ...this.#endCalls());
    parts.push({
      type: "finish",
      finishReason: { unified: "stop", raw: "turn.completed" },
      usage: toAiUsage(turn.turnUsage),
      providerMetadata: this.#metadata({
        ...total,
        ...turn.turnUsage && { turnUsage: usageToJson(turn.turnUsage) },
        durationMs: turn.durationMs,
        warnings: [...turn.warnings],
      }),
    });
    return parts;
  }

  /** Ends what has been begun of an answer whose turn has failed. */
  fail(): AiPart[] {
    return this.#close();
  }

  #openThread(threadId: string): AiPart[] {
    if (this.#threadId === threadId) return [];
    this.#threadId = threadId;
    const { modelId } = this.#options;
    return [{
      type: "response-metadata",
      id: threadId,
      timestamp: new Date(),
      modelId,
    }];
  }

  /** Maps an item that has begun or changed: a call is known before its result. */
  #follow(item: ThreadItem): AiPart[] {
    const work = readToolWork(item);
    if (work === undefined) return [];
    const parts = this.#interrupt(item);
    if (!work.isKnownAtStart || this.#options.toolParts === "hidden") {
      return parts;
    }
    const id = this.#idOf(item);
    if (!this.#calls.has(id)) {
      parts.push(this.#call(id, work));
    } else if (item.type === "todo_list") {
      parts.push({ ...this.#result(id, work), preliminary: true });
    }
    this.#calls.set(id, work);
    return parts;
  }

  #complete(item: ThreadItem): AiPart[] {
    if (item.type === "agent_message") return this.#completeMessage(item);
    if (item.type === "reasoning") {
      const parts = this.#writeRest("reasoning", item.id, item.text);
      return this.#open?.kind === "reasoning"
        ? [...parts, ...this.#close()]
        : parts;
    }
    const work = readToolWork(item);
    if (work === undefined) return [];
    const parts = this.#interrupt(item);
    if (this.#options.toolParts === "hidden") return parts;
    const id = this.#idOf(item);
    if (!this.#calls.delete(id)) parts.push(this.#call(id, work));
    parts.push(this.#result(id, work));
    return parts;
  }

  #completeMessage({ id, text }: HeldMessage): AiPart[] {
    if (!this.#holds) return this.#writeRest("text", id, text);
    const parts = this.#demote();
    this.#held = { id, text };
    return parts;
  }

  /** Ends the text before a tool's work: what was said before it is not the answer. */
  #interrupt(item: ThreadItem): AiPart[] {
    // The plan is closed at the turn's end, after the answer.
    if (item.type === "todo_list") return [];
    return [...this.#close(), ...this.#demote()];
  }

  /** Writes the message that waited as what was said on the way. */
  #demote(): AiPart[] {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined || this.#options.commentary === "hidden") return [];
    return [
      ...this.#writeRest("reasoning", held.id, held.text),
      ...this.#close(),
    ];
  }

  /** Writes the answer, which has waited: the last message, or what it says by the schema. */
  #writeAnswer(turn: Turn): AiPart[] {
    this.#held = undefined;
    const text = this.#options.form === "schema"
      ? readStructuredText(turn)
      : turn.finalResponse;
    return text === "" ? [] : this.#write("text", "answer", text);
  }

  /** Writes what is not written yet of a complete text. */
  #writeRest(kind: OpenText["kind"], id: string, text: string): AiPart[] {
    const written = this.#written.get(id) ?? "";
    const rest = text.startsWith(written) ? text.slice(written.length) : "";
    const parts = rest === "" ? [] : this.#write(kind, id, rest);
    this.#written.delete(id);
    return parts;
  }

  /** Writes a piece of a text, which it begins if it is not open. */
  #write(kind: OpenText["kind"], id: string, delta: string): AiPart[] {
    const parts: AiPart[] = [];
    const before = this.#written.get(id);
    let piece = delta;
    if (this.#open?.id !== id || this.#open.kind !== kind) {
      parts.push(...this.#close());
      this.#open = { kind, id };
      parts.push({
        type: `${kind}-start`,
        id: this.#textId(id),
        providerMetadata: this.#metadata(),
      });
      if (kind === "text" && before === undefined) {
        // The AI SDK joins texts with nothing between them.
        if (this.#textCount > 0) piece = `\n\n${delta}`;
        this.#textCount += 1;
      }
    }
    this.#written.set(id, (before ?? "") + delta);
    parts.push({
      type: `${kind}-delta`,
      id: this.#textId(id),
      delta: piece,
    });
    return parts;
  }

  /** Ends the text that is open, with further facts about it. */
  #close(facts: JsonObject = {}): AiPart[] {
    const open = this.#open;
    if (open === undefined) return [];
    this.#open = undefined;
    return [{
      type: `${open.kind}-end`,
      id: this.#textId(open.id),
      providerMetadata: this.#metadata(facts),
    }];
  }

  /** Gives the calls that a complete turn has left running what is known of them. */
  #endCalls(): AiPart[] {
    const parts = [...this.#calls].map(([id, work]) => this.#result(id, work));
    this.#calls.clear();
    return parts;
  }

  #call(id: string, { toolName, input }: ToolWork): AiPart {
    return {
      type: "tool-call",
      toolCallId: id,
      toolName,
      input: JSON.stringify(input),
      providerExecuted: true,
      dynamic: true,
      providerMetadata: this.#metadata(),
    };
  }

  #result(
    id: string,
    { toolName, result, isError }: ToolWork,
  ): Extract<AiPart, { type: "tool-result" }> {
    return {
      type: "tool-result",
      toolCallId: id,
      toolName,
      result,
      ...isError && { isError },
      dynamic: true,
      providerMetadata: this.#metadata(),
    };
  }

  #idOf(item: ThreadItem): string {
    return `${this.#options.tag}_${this.#attempt}_${item.id}`;
  }

  #textId(id: string): string {
    return `${this.#attempt}_${id}`;
  }

  #metadata(facts: JsonObject = {}): AiMetadata {
    return {
      codex: {
        ...this.#threadId !== null && { threadId: this.#threadId },
        ...facts,
      },
    };
  }
}

/** Gives the answer by the schema as JSON; as it came where it is none, for the AI SDK to judge. */
function readStructuredText(turn: Turn): string {
  try {
    return JSON.stringify(turn.structuredResponse);
  } catch {
    return turn.finalResponse;
  }
}
