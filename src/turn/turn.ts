import type { Diagnostic } from "../protocol/diagnostics.ts";
import { CodexInputError } from "../errors/codex_error.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { Usage } from "../protocol/events.ts";
import type { ThreadItem } from "../protocol/items.ts";
import type { TurnResult } from "./finish.ts";
import {
  CodexStructuredResponseError,
  withTurnFacts,
} from "../errors/turn_errors.ts";
import { NO_TURN_FACTS } from "../errors/turn_facts.ts";

/** One attempt at an answer, where `repair` was asked for. */
export interface TurnAttempt {
  /** The answer. */
  readonly finalResponse: string;
  /** What is wrong with it; `null` for one that is valid. */
  readonly error: CodexStructuredResponseError | null;
  /** The items that it took. */
  readonly items: readonly ThreadItem[];
  /** The tokens that it used; `null` where the total before it is not known. */
  readonly turnUsage: Usage | null;
}

/** What reading the answer came to. */
type Response<T> = { readonly value: T } | { readonly error: unknown };

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
  /**
   * What went wrong on the way: what the model's strict mode will not take in an
   * `outputSchema`, and the latest 100 messages of `error` events and items.
   */
  readonly warnings: readonly string[];
  /** What was not understood on the CLI's output: the first 100. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Every attempt at the answer, in order, where `repair` was asked for; empty
   * otherwise. The items, `usage` and `turnUsage` of the turn are those of all of
   * them together.
   */
  readonly attempts: readonly TurnAttempt[];
  readonly #output: StructuredOutput<T>;
  #response: Response<T> | undefined;
  #reading: Promise<Response<T>> | undefined;

  /** Makes a turn of its result; {@linkcode Thread} does. */
  constructor(
    result: TurnResult,
    output: StructuredOutput<T>,
    attempts: readonly TurnAttempt[] = [],
  ) {
    this.threadId = result.threadId;
    this.items = result.items;
    this.finalResponse = result.finalResponse;
    this.usage = result.usage;
    this.turnUsage = result.turnUsage;
    this.warnings = result.warnings;
    this.diagnostics = result.diagnostics;
    this.attempts = attempts;
    this.#output = output;
  }

  /**
   * The answer as `outputType` reads it, or as JSON where only `outputSchema` was
   * given. Read when first asked for, once: the same value, or the same error,
   * comes again.
   *
   * @throws {CodexStructuredResponseError} If the answer is not what was asked for,
   * or neither a type nor a schema was given.
   * @throws {CodexInputError} If `outputType` validates asynchronously, and
   * {@linkcode Turn.readStructuredResponse} has not been awaited before.
   */
  get structuredResponse(): T {
    if (this.#response === undefined) this.#read();
    if (this.#response === undefined) {
      throw new CodexInputError(
        "Cannot read structuredResponse at once: outputType validates asynchronously; await turn.readStructuredResponse() first",
        { path: "outputType" },
      );
    }
    if ("error" in this.#response) throw this.#response.error;
    return this.#response.value;
  }

  /**
   * The same answer, also of an `outputType` that validates asynchronously: one
   * with asynchronous refinements or transforms. `structuredResponse` has it too
   * once this is done.
   *
   * @throws {CodexStructuredResponseError} If the answer is not what was asked for,
   * or neither a type nor a schema was given.
   */
  async readStructuredResponse(): Promise<T> {
    if (this.#response === undefined) this.#read();
    await this.#reading;
    return this.structuredResponse;
  }

  /** Reads the answer, or begins to. */
  #read(): void {
    if (this.#reading !== undefined) return;
    try {
      const value = this.#output.read(this.finalResponse);
      if (!(value instanceof Promise)) {
        this.#response = { value };
        return;
      }
      this.#reading = value
        .then(
          (value): Response<T> => ({ value }),
          (error): Response<T> => ({ error: this.#withFacts(error) }),
        )
        .then((response) => this.#response = response);
    } catch (error) {
      this.#response = { error: this.#withFacts(error) };
    }
  }

  /** What is wrong with the answer, and the turn that it came from. */
  #withFacts(error: unknown): unknown {
    if (!(error instanceof CodexStructuredResponseError)) return error;
    return withTurnFacts(error, {
      ...NO_TURN_FACTS,
      threadId: this.threadId,
      items: this.items,
      usage: this.usage,
      warnings: this.warnings,
      diagnostics: this.diagnostics,
      exitCode: 0,
    });
  }
}

/** A completed turn, under the name that the official SDK has for `run()`'s result. */
export type RunResult<T = unknown> = Turn<T>;
