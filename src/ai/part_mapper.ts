import type { StreamedEvent } from "../protocol/deltas.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { JsonObject } from "../protocol/json.ts";
import type { Turn } from "../turn/turn.ts";
import type { AnswerOptions } from "./model_options.ts";
import type { AiMetadata, AiPart } from "./model_types.ts";
import { TextWriter } from "./text_writer.ts";
import { readToolWork, type ToolWork } from "./tool_parts.ts";
import { toAiUsage, usageToJson } from "./usage.ts";

/** Options of {@linkcode PartMapper}. */
export interface PartMapperOptions extends Required<AnswerOptions> {
  /** The form of the answer; with `json` and `schema`, only the last message is text. */
  readonly form: "text" | "json" | "schema";
  /** A prefix that makes the ids of tool calls unique, since the CLI counts items from 0 in each turn. */
  readonly tag: string;
  /** The model's name. */
  readonly modelId: string;
  /** True if each event is passed on as well. */
  readonly hasRawChunks: boolean;
}

/** A message that may turn out to be the last. */
interface HeldMessage {
  readonly id: string;
  readonly text: string;
}

/** Maps a turn's events to the AI SDK's parts of an answer. */
export class PartMapper {
  readonly #options: PartMapperOptions;
  /** True if a message is held back until the next one, or the end, shows if it was the last. */
  readonly #holds: boolean;
  #threadId: string | null = null;
  #attempt = 0;
  #held: HeldMessage | undefined;
  readonly #texts: TextWriter = new TextWriter((facts) => this.metadata(facts));
  /** The calls without a result, by id. */
  readonly #calls = new Map<string, ToolWork>();

  /** Creates a mapper for one turn. */
  constructor(options: PartMapperOptions) {
    this.#options = options;
    this.#holds = options.form !== "text" || options.commentary !== "text";
  }

  /** The thread's id; `null` until it is known. */
  get threadId(): string | null {
    return this.#threadId;
  }

  /** Maps an event to the parts that it adds. */
  add(event: StreamedEvent): AiPart[] {
    const parts = this.raw(event);
    switch (event.type) {
      case "thread.started":
        parts.push(...this.#openThread(event.thread_id));
        break;
      case "turn.started":
        // Each attempt at an answer counts its items from the start.
        this.#attempt += 1;
        this.#texts.beginAttempt();
        break;
      case "item.delta":
        if (event.kind === "agent_message" && !this.#holds) {
          parts.push(...this.#texts.write("text", event.item_id, event.delta));
        } else if (event.kind === "reasoning") {
          parts.push(
            ...this.#texts.write("reasoning", event.item_id, event.delta),
          );
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

  /** Passes an event on unchanged, if that is wanted. */
  raw(event: StreamedEvent): AiPart[] {
    return this.#options.hasRawChunks ? [{ type: "raw", rawValue: event }] : [];
  }

  /** Ends the answer with the turn that it came from. */
  end(turn: Turn): AiPart[] {
    const parts: AiPart[] = [];
    if (this.#holds) parts.push(...this.#writeAnswer(turn));
    const total: JsonObject = turn.usage === null
      ? {}
      : { usage: usageToJson(turn.usage) };
    // From this total, the next turn of the thread can compute its own share.
    parts.push(...this.#texts.close(total), ...this.#endCalls());
    parts.push({
      type: "finish",
      finishReason: { unified: "stop", raw: "turn.completed" },
      usage: toAiUsage(turn.turnUsage),
      providerMetadata: this.metadata({
        ...total,
        ...turn.turnUsage && { turnUsage: usageToJson(turn.turnUsage) },
        durationMs: turn.durationMs,
        warnings: [...turn.warnings],
      }),
    });
    return parts;
  }

  /** Ends the open parts of an answer whose turn has failed. */
  fail(): AiPart[] {
    return this.#texts.close();
  }

  /** Begins a further answer of the same turn, without text from the one before. */
  beginStep(): AiPart[] {
    this.#texts.beginAnswer();
    return this.#threadId === null ? [] : [this.#response(this.#threadId)];
  }

  /** Ends the text before other work: a message before it is not the answer. */
  interrupt(): AiPart[] {
    return [...this.#texts.close(), ...this.#demote()];
  }

  /** Shows a call of the agent, unless it is already shown, and notes its result. */
  openCall(itemId: string, work: ToolWork): { id: string; parts: AiPart[] } {
    const id = this.#makeId({ id: itemId });
    if (this.#calls.has(id)) return { id, parts: [] };
    this.#calls.set(id, work);
    return { id, parts: [...this.interrupt(), this.#call(id, work)] };
  }

  /** Returns the shown work of a call that does not have a result yet. */
  findCall(itemId: string): ToolWork | undefined {
    return this.#calls.get(this.#makeId({ id: itemId }));
  }

  /** Returns the result of a shown call that does not belong to an item. */
  closeCall(itemId: string): AiPart[] {
    const id = this.#makeId({ id: itemId });
    const work = this.#calls.get(id);
    this.#calls.delete(id);
    return work === undefined ? [] : [this.#result(id, work)];
  }

  /** Creates the provider's metadata of a part. */
  metadata(facts: JsonObject = {}): AiMetadata {
    return {
      codex: {
        ...this.#threadId !== null && { threadId: this.#threadId },
        ...facts,
      },
    };
  }

  #openThread(threadId: string): AiPart[] {
    if (this.#threadId === threadId) return [];
    this.#threadId = threadId;
    return [this.#response(threadId)];
  }

  #response(id: string): AiPart {
    const { modelId } = this.#options;
    return { type: "response-metadata", id, timestamp: new Date(), modelId };
  }

  /** Maps an item that has begun or changed: shows the call before its result. */
  #follow(item: ThreadItem): AiPart[] {
    const work = readToolWork(item);
    if (work === undefined) return [];
    const parts = this.#interrupt(item);
    if (!work.isKnownAtStart || this.#options.toolParts === "hidden") {
      return parts;
    }
    const id = this.#makeId(item);
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
      const parts = this.#texts.writeRest("reasoning", item.id, item.text);
      return this.#texts.kind === "reasoning"
        ? [...parts, ...this.#texts.close()]
        : parts;
    }
    const work = readToolWork(item);
    if (work === undefined) return [];
    const parts = this.#interrupt(item);
    if (this.#options.toolParts === "hidden") return parts;
    const id = this.#makeId(item);
    if (!this.#calls.delete(id)) parts.push(this.#call(id, work));
    parts.push(this.#result(id, work));
    return parts;
  }

  #completeMessage({ id, text }: HeldMessage): AiPart[] {
    if (!this.#holds) return this.#texts.writeRest("text", id, text);
    const parts = this.#demote();
    this.#held = { id, text };
    return parts;
  }

  /** Ends the text before the work of a tool. */
  #interrupt(item: ThreadItem): AiPart[] {
    // The plan is completed at the turn's end, after the answer.
    return item.type === "todo_list" ? [] : this.interrupt();
  }

  /** Writes the held message as reasoning, unless commentary is hidden. */
  #demote(): AiPart[] {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined || this.#options.commentary === "hidden") return [];
    return [
      ...this.#texts.writeRest("reasoning", held.id, held.text),
      ...this.#texts.close(),
    ];
  }

  /** Writes the answer that was held: the last message, or its value by the schema. */
  #writeAnswer(turn: Turn): AiPart[] {
    this.#held = undefined;
    const text = this.#options.form === "schema"
      ? readStructuredText(turn)
      : turn.finalResponse;
    return text === "" ? [] : this.#texts.write("text", "answer", text);
  }

  /** Returns the latest results of calls that a complete turn left running. */
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
      providerMetadata: this.metadata(),
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
      providerMetadata: this.metadata(),
    };
  }

  #makeId(item: Pick<ThreadItem, "id">): string {
    return `${this.#options.tag}_${this.#attempt}_${item.id}`;
  }
}

/** Returns the structured answer as JSON; the raw text if it is invalid, for the AI SDK to check. */
function readStructuredText(turn: Turn): string {
  try {
    return JSON.stringify(turn.structuredResponse);
  } catch {
    return turn.finalResponse;
  }
}
