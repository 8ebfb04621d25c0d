import type { Diagnostic } from "../protocol/diagnostics.ts";
import { CodexInputError, type ErrorJson } from "../errors/codex_error.ts";
import type { StructuredOutput } from "../output/structured_output.ts";
import type { Usage } from "../protocol/events.ts";
import type { FileUpdateChange, ThreadItem } from "../protocol/items.ts";
import { changedFiles } from "./changed_files.ts";
import type { TurnResult } from "./finish.ts";
import { turnMarkdown } from "./turn_markdown.ts";
import {
  CodexStructuredResponseError,
  withTurnFacts,
} from "../errors/turn_errors.ts";
import { NO_TURN_FACTS, recordIn } from "../errors/turn_facts.ts";

/** One attempt at an answer, where `repair` was asked for. */
export interface TurnAttempt {
  /** The answer. */
  readonly finalResponse: string;
  /** The error that says what is wrong with it; `null` for one that is valid. */
  readonly error: CodexStructuredResponseError | null;
  /** The items that it took. */
  readonly items: readonly ThreadItem[];
  /** The tokens that it used; `null` where the total before it is not known. */
  readonly turnUsage: Usage | null;
}

/** What a turn was before it was complete. */
export interface TurnHistory {
  /** The attempts at its answer. */
  readonly attempts?: readonly TurnAttempt[];
  /** The time that it took, in ms. */
  readonly durationMs?: number;
}

/** A turn as JSON: what {@linkcode Turn} holds under the same names. */
export interface TurnJson extends TurnResult {
  /** The time that the turn took, in ms. */
  readonly durationMs: number;
  /** Every attempt at the answer, where `repair` was asked for. */
  readonly attempts: readonly (Omit<TurnAttempt, "error"> & {
    /** The error that says what is wrong with the answer; `null` for one that is valid. */
    readonly error: ErrorJson | null;
  })[];
}

/** The outcome of reading an answer. */
type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** A completed turn. */
export class Turn<T = unknown> implements TurnResult {
  /** The thread's id; `null` if the CLI named none. */
  declare readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  declare readonly items: ThreadItem[];
  /** The text of the last completed agent message; empty if there was none. */
  declare readonly finalResponse: string;
  /** The tokens that the thread has used so far, as the CLI reports them: the total of all its turns. `null` for a review. */
  declare readonly usage: Usage | null;
  /**
   * The tokens that this turn used: its share of `usage`. `null` where the total
   * before it is not known: the first turn of a resumed thread, unless `usageBefore` was
   * given, one after a turn that did not complete, and a review.
   */
  declare readonly turnUsage: Usage | null;
  /**
   * Problems on the way that did not end the turn: what the model's strict mode does not take in an
   * `outputSchema`, and the latest 100 messages of `error` events and items.
   */
  declare readonly warnings: readonly string[];
  /** The parts of the CLI's output that were not understood: the first 100. */
  declare readonly diagnostics: readonly Diagnostic[];
  /** The time that the turn took, in ms, from when its place had come: those before it on the thread had ended. */
  readonly durationMs: number;
  /**
   * Every attempt at the answer, in order, where `repair` was asked for; empty
   * otherwise. The items, `usage` and `turnUsage` of the turn are those of all of
   * them together.
   */
  readonly attempts: readonly TurnAttempt[];
  readonly #output: StructuredOutput<T>;
  #reading: Reading<T> | undefined;
  #waiting: Promise<Reading<T>> | undefined;

  /** Makes a turn of its result; {@linkcode Thread} does. */
  constructor(
    result: TurnResult,
    output: StructuredOutput<T>,
    { attempts = [], durationMs = 0 }: TurnHistory = {},
  ) {
    Object.assign(this, result);
    this.attempts = attempts;
    this.durationMs = durationMs;
    this.#output = output;
  }

  /**
   * The files that the agent's patches have changed, each once, with what became of it in
   * all; read off the items. What commands wrote is not in it: for that, ask Git.
   */
  get changedFiles(): FileUpdateChange[] {
    return changedFiles(this.items);
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
    if (this.#reading === undefined) this.#read();
    if (this.#reading === undefined) {
      throw new CodexInputError(
        "Cannot read structuredResponse at once: outputType validates asynchronously; await turn.readStructuredResponse() first",
        { path: "outputType" },
      );
    }
    if (!this.#reading.ok) throw this.#reading.error;
    return this.#reading.value;
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
    if (this.#reading === undefined) this.#read();
    await this.#waiting;
    return this.structuredResponse;
  }

  /**
   * Writes the turn as Markdown, for a pull request or a job's summary: the answer, the
   * commands with their exit codes, the changed files, the tokens and the time. At most
   * 60,000 characters, which a comment on GitHub takes. What commands printed is left out.
   * Nothing breaks out: code that the answer leaves open is closed, its HTML is shown as
   * text, and a command stays within its code.
   */
  toMarkdown(): string {
    return turnMarkdown(this);
  }

  /**
   * Gives the turn as JSON, for a file, a queue or a log; {@linkcode turnFromJSON} makes it
   * again. It has what commands printed.
   */
  toJSON(): TurnJson {
    const { threadId, items, finalResponse, usage, turnUsage } = this;
    const { warnings, diagnostics, durationMs, attempts } = this;
    return {
      ...{ threadId, items, finalResponse, usage, turnUsage },
      ...{ warnings, diagnostics, durationMs },
      attempts: attempts.map((attempt) => ({
        ...attempt,
        error: attempt.error?.toJSON() ?? null,
      })),
    };
  }

  /** Reads the answer, or begins to. */
  #read(): void {
    if (this.#waiting !== undefined) return;
    try {
      const value = this.#output.read(this.finalResponse);
      if (!(value instanceof Promise)) {
        this.#reading = { ok: true, value };
        return;
      }
      this.#waiting = value
        .then(
          (value): Reading<T> => ({ ok: true, value }),
          (error): Reading<T> => ({ ok: false, error: this.#withFacts(error) }),
        )
        .then((reading) => this.#reading = reading);
    } catch (error) {
      this.#reading = { ok: false, error: this.#withFacts(error) };
    }
  }

  /** Adds the turn that an answer came from to what is wrong with it. */
  #withFacts(error: unknown): unknown {
    if (!(error instanceof CodexStructuredResponseError)) return error;
    return withTurnFacts(error, {
      ...NO_TURN_FACTS,
      ...recordIn(this),
      exitCode: 0,
    });
  }
}

/**
 * A completed turn, under the name that the official SDK has for `run()`'s result: only
 * what that one has must be there, so that what stands in for a result in a test is one. A
 * {@linkcode Turn} has the rest.
 */
export type RunResult<T = unknown> =
  & Pick<Turn<T>, "items" | "finalResponse" | "usage">
  & Partial<Omit<Turn<T>, "items" | "finalResponse" | "usage">>;
