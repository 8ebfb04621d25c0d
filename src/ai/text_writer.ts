import type { JsonObject } from "../protocol/json.ts";
import type { AiMetadata, AiPart } from "./model_types.ts";

/** What a text is. */
type TextKind = "text" | "reasoning";

/** Writes the texts of an answer as parts, one at a time. */
export class TextWriter {
  readonly #metadata: (facts?: JsonObject) => AiMetadata;
  #attempt = 0;
  /** The text that is being written. */
  #open: { readonly kind: TextKind; readonly id: string } | undefined;
  #count = 0;
  /** What has been written of texts that are not complete. */
  readonly #written = new Map<string, string>();

  /**
   * Makes it; nothing is written yet.
   *
   * @param metadata Makes what a provider tells of a part.
   */
  constructor(metadata: (facts?: JsonObject) => AiMetadata) {
    this.#metadata = metadata;
  }

  /** The kind of the text that is being written. */
  get kind(): TextKind | undefined {
    return this.#open?.kind;
  }

  /** Begins another attempt at an answer, whose texts have ids of their own. */
  beginAttempt(): void {
    this.#attempt += 1;
  }

  /** Begins an answer in which no text stands before. */
  beginAnswer(): void {
    this.#count = 0;
  }

  /** Writes a piece of a text, which it begins if it is not open. */
  write(kind: TextKind, id: string, delta: string): AiPart[] {
    const parts: AiPart[] = [];
    const before = this.#written.get(id);
    let piece = delta;
    if (this.#open?.id !== id || this.#open.kind !== kind) {
      parts.push(...this.close());
      this.#open = { kind, id };
      parts.push({
        type: `${kind}-start`,
        id: this.#makeId(id),
        providerMetadata: this.#metadata(),
      });
      if (kind === "text" && before === undefined) {
        // The AI SDK joins texts with nothing between them.
        if (this.#count > 0) piece = `\n\n${delta}`;
        this.#count += 1;
      }
    }
    this.#written.set(id, (before ?? "") + delta);
    parts.push({ type: `${kind}-delta`, id: this.#makeId(id), delta: piece });
    return parts;
  }

  /** Writes what is not written yet of a complete text. */
  writeRest(kind: TextKind, id: string, text: string): AiPart[] {
    const written = this.#written.get(id) ?? "";
    const rest = text.startsWith(written) ? text.slice(written.length) : "";
    const parts = rest === "" ? [] : this.write(kind, id, rest);
    this.#written.delete(id);
    return parts;
  }

  /** Ends the text that is open, with further facts about it. */
  close(facts: JsonObject = {}): AiPart[] {
    const open = this.#open;
    if (open === undefined) return [];
    this.#open = undefined;
    return [{
      type: `${open.kind}-end`,
      id: this.#makeId(open.id),
      providerMetadata: this.#metadata(facts),
    }];
  }

  #makeId(id: string): string {
    return `${this.#attempt}_${id}`;
  }
}
