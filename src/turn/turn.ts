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
import { isPromise } from "../util/realms.ts";

/** One attempt at an answer, if `repair` was requested. */
export interface TurnAttempt {
  /** The answer. */
  readonly finalResponse: string;
  /** The error that rejects the answer; `null` if the answer is valid. */
  readonly error: CodexStructuredResponseError | null;
  /** The items of the attempt. */
  readonly items: readonly ThreadItem[];
  /** The tokens that the attempt used; `null` if the total before it is unknown. */
  readonly turnUsage: Usage | null;
}

/** The attempts and the duration of a completed turn. */
export interface TurnHistory {
  /** The attempts at its answer. */
  readonly attempts?: readonly TurnAttempt[];
  /** The duration, in milliseconds. */
  readonly durationMs?: number;
}

/** A turn as JSON: the fields of {@linkcode Turn} under the same names. */
export interface TurnJson extends TurnResult {
  /** The duration of the turn, in milliseconds. */
  readonly durationMs: number;
  /**
   * Every attempt at the answer, in order, if `repair` was requested; otherwise empty.
   */
  readonly attempts: readonly (Omit<TurnAttempt, "error"> & {
    /** The error that rejects the answer; `null` if the answer is valid. */
    readonly error: ErrorJson | null;
  })[];
}

/** The outcome of reading an answer. */
type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** A completed turn. */
export class Turn<T = unknown> implements TurnResult {
  /** The thread's id; `null` if the CLI did not report one. */
  declare readonly threadId: string | null;
  /** The completed items, in the order of their completion. */
  declare readonly items: ThreadItem[];
  /** The text of the last completed agent message; empty if there was none. */
  declare readonly finalResponse: string;
  /**
   * The tokens that the thread has used so far in all its turns, as the CLI reports them.
   * `null` for a review.
   */
  declare readonly usage: Usage | null;
  /**
   * The tokens that this turn used: its share of `usage`. `null` if the total before it
   * is unknown: for the first turn of a resumed thread, unless `usageBefore` was given;
   * for a turn after one that did not complete; and for a review.
   */
  declare readonly turnUsage: Usage | null;
  /**
   * Problems that did not end the turn, such as parts of an `outputSchema` that the
   * model's strict mode does not accept, the messages of `error` events and items (the
   * latest 100), and errors that listeners threw.
   */
  declare readonly warnings: readonly string[];
  /** The parts of the CLI's output that were not understood; the first 100. */
  declare readonly diagnostics: readonly Diagnostic[];
  /**
   * The duration of the turn, in milliseconds. The time that it waited for earlier turns
   * on the thread is not included.
   */
  readonly durationMs: number;
  /**
   * Every attempt at the answer, in order, if `repair` was requested; otherwise empty.
   * The turn's `items`, `usage` and `turnUsage` cover all attempts together.
   */
  readonly attempts: readonly TurnAttempt[];
  readonly #output: StructuredOutput<T>;
  #reading: Reading<T> | undefined;
  #waiting: Promise<Reading<T>> | undefined;

  /** Creates a turn from its result; {@linkcode Thread} calls this. */
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
   * The files that the agent's patches changed, each once, with the net change; derived
   * from the items. Files that commands wrote are not included: ask Git for those.
   */
  get changedFiles(): FileUpdateChange[] {
    return changedFiles(this.items);
  }

  /**
   * The answer as parsed by `outputType`, or as JSON if only `outputSchema` was given. It
   * is parsed on first access; later accesses return the same value or throw the same
   * error.
   *
   * @throws {CodexStructuredResponseError} If the answer does not match, or if neither a
   * type nor a schema was given.
   * @throws {CodexInputError} If `outputType` validates asynchronously, and {@linkcode
   * Turn.readStructuredResponse} has not been awaited before.
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
   * Returns the same answer, and also supports an `outputType` that validates
   * asynchronously, with asynchronous refinements or transforms. Afterwards
   * `structuredResponse` returns it too.
   *
   * @throws {CodexStructuredResponseError} If the answer does not match, or if neither a
   * type nor a schema was given.
   */
  async readStructuredResponse(): Promise<T> {
    if (this.#reading === undefined) this.#read();
    await this.#waiting;
    return this.structuredResponse;
  }

  /**
   * Writes the turn as Markdown, for a pull request or a job summary: the answer, the
   * commands with their exit codes, the changed files, the tokens and the duration. At
   * most 60,000 characters, which fits in a GitHub comment. The output of commands is
   * omitted. The text around it is not affected: code blocks that the answer leaves open
   * are closed, its HTML is shown as text, and a command stays inside its code span.
   */
  toMarkdown(): string {
    return turnMarkdown(this);
  }

  /**
   * Returns the turn as JSON, for a file, a queue or a log; {@linkcode turnFromJSON}
   * restores it. It includes the output of commands.
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

  /** Reads the answer, or starts to read it if the type validates asynchronously. */
  #read(): void {
    if (this.#waiting !== undefined) return;
    try {
      const value = this.#output.read(this.finalResponse);
      if (!isPromise(value)) {
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

  /** Adds the facts of the turn to an error about its answer. */
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
 * A completed turn, under the official SDK's name for the result of `run()`. Only the
 * fields of the official SDK are required, so that a test double needs no others; the
 * other members of {@linkcode Turn} are optional.
 */
export type RunResult<T = unknown> =
  & Pick<Turn<T>, "items" | "finalResponse" | "usage">
  & Partial<Omit<Turn<T>, "items" | "finalResponse" | "usage">>;
