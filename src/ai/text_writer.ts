import type { JsonObject } from "../protocol/json.ts";
import type { AiMetadata, AiPart } from "./model_types.ts";

/** The kind of a text. */
type TextKind = "text" | "reasoning";

/** Writes the texts of an answer as parts, one at a time. */
export class TextWriter {
  readonly #metadata: (facts?: JsonObject) => AiMetadata;
  #attempt = 0;
  /** The text that is currently written. */
  #open: { readonly kind: TextKind; readonly id: string } | undefined;
  #count = 0;
  /** The written beginnings of incomplete texts, by id. */
  readonly #written = new Map<string, string>();

  /**
   * Creates a writer without any text.
   *
   * @param metadata Creates the provider's metadata of a part.
   */
  constructor(metadata: (facts?: JsonObject) => AiMetadata) {
    this.#metadata = metadata;
  }

  /** The kind of the text that is currently written; `undefined` for none. */
  get kind(): TextKind | undefined {
    return this.#open?.kind;
  }

  /** Begins a further attempt at an answer, whose texts get their own ids. */
  beginAttempt(): void {
    this.#attempt += 1;
  }

  /** Begins a further answer, whose first text needs no separator. */
  beginAnswer(): void {
    this.#count = 0;
  }

  /** Writes a piece of a text, starting the text if it is not open. */
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

  /** Writes the rest of a complete text. */
  writeRest(kind: TextKind, id: string, text: string): AiPart[] {
    const written = this.#written.get(id) ?? "";
    const rest = text.startsWith(written) ? text.slice(written.length) : "";
    const parts = rest === "" ? [] : this.write(kind, id, rest);
    this.#written.delete(id);
    return parts;
  }

  /** Ends the open text, with further metadata. */
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
