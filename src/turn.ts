import type { Diagnostic } from "./diagnostics.ts";
import type { StructuredOutput } from "./output/structured_output.ts";
import type { Usage } from "./protocol/events.ts";
import type { ThreadItem } from "./protocol/items.ts";
import type { TurnResult } from "./stream/finish_turn.ts";
import { CodexStructuredResponseError, NO_TURN_FACTS } from "./turn_errors.ts";

/** A completed turn. */
export class Turn<T = unknown> {
  /** The thread's id; `null` if the CLI named none. */
  readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  readonly items: ThreadItem[];
  /** The text of the last completed agent message; empty if there was none. */
  readonly finalResponse: string;
  /** The tokens that the thread has used so far, as the CLI reports them (facts F5). */
  readonly usage: Usage | null;
  /**
   * The tokens that this turn used: its share of `usage`. `null` where the total
   * before it is not known: the first turn of a resumed thread, and one after a
   * turn that did not complete.
   */
  readonly turnUsage: Usage | null;
  /** What went wrong on the way: the latest 100 messages of `error` events and items. */
  readonly warnings: readonly string[];
  /** What was not understood on the CLI's output: the first 100. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #output: StructuredOutput<T>;
  #response: { readonly value: T } | { readonly error: unknown } | undefined;

  /** Makes a turn of its result; {@linkcode Thread} does. */
  constructor(result: TurnResult, output: StructuredOutput<T>) {
    this.threadId = result.threadId;
    this.items = result.items;
    this.finalResponse = result.finalResponse;
    this.usage = result.usage;
    this.turnUsage = result.turnUsage;
    this.warnings = result.warnings;
    this.diagnostics = result.diagnostics;
    this.#output = output;
  }

  /**
   * The answer as `outputType` reads it, or as JSON where only `outputSchema` was
   * given. Read when first asked for, once: the same value, or the same error,
   * comes again.
   *
   * @throws {CodexStructuredResponseError} If the answer is not what was asked for,
   * or neither a type nor a schema was given.
   */
  get structuredResponse(): T {
    this.#response ??= this.#read();
    if ("error" in this.#response) throw this.#response.error;
    return this.#response.value;
  }

  #read(): { readonly value: T } | { readonly error: unknown } {
    try {
      return { value: this.#output.read(this.finalResponse) };
    } catch (error) {
      return { error: this.#withFacts(error) };
    }
  }

  /** What is wrong with the answer, and the turn that it came from. */
  #withFacts(error: unknown): unknown {
    if (!(error instanceof CodexStructuredResponseError)) return error;
    const { message, responseText, issues, cause } = error;
    return new CodexStructuredResponseError(
      message,
      responseText,
      issues,
      {
        ...NO_TURN_FACTS,
        threadId: this.threadId,
        items: this.items,
        usage: this.usage,
        warnings: this.warnings,
        diagnostics: this.diagnostics,
        exitCode: 0,
      },
      cause,
    );
  }
}

/** A completed turn, under the name that the official SDK has for `run()`'s result. */
export type RunResult<T = unknown> = Turn<T>;
