import { CodexError, CodexInputError } from "../../../errors/codex_error.ts";
import type { TurnRequest } from "../../../transport/transport.ts";
import { quoted, shorten } from "../../../util/text.ts";
import { hang, notStarted, type PlayedTurn } from "./steps.ts";
import { untilAborted } from "./until_aborted.ts";

/** The length, in characters, to which a prompt is shortened in the error at the script's end. */
const MAX_PROMPT_LENGTH = 120;

/**
 * A turn that was requested of a fake client, as it would reach the CLI: checked, with
 * images read and the output schema written.
 */
export interface PlayedRequest extends Omit<TurnRequest, "signal"> {
  /** Its number among the turns of the client, from 1; each attempt of `repair` counts. */
  readonly number: number;
  /** The inputs added while it ran, by `steer()` of {@linkcode ServerStreamedTurn}. */
  readonly steered: readonly Pick<TurnRequest, "prompt" | "images">[];
}

/** A turn to be played. */
export interface ReadTurn<S> {
  /** The turn. */
  readonly turn: S | PlayedTurn;
  /** Records an input that is added to it. */
  steer(input: PlayedRequest["steered"][number]): void;
}

/** Chooses the turn for a request. */
export type PlayFunction<S = PlayedTurn> = (
  request: PlayedRequest,
) => S | Promise<S>;

/** The turns of a fake client: a list, played in order, or a function that chooses each. */
export type PlayedScript<S = PlayedTurn> =
  | readonly (S | PlayFunction<S>)[]
  | PlayFunction<S>;

/** Hands out the turns of a script, and records the requests. */
export class ScriptReader<S> {
  readonly #script: PlayedScript<S>;
  readonly #requests: PlayedRequest[] = [];

  /** Creates a reader at the first turn. */
  constructor(script: PlayedScript<S>) {
    if (typeof script !== "function" && !Array.isArray(script)) {
      throw new CodexInputError(
        "script must be an array of turns, or a function that returns one turn",
        { path: "script" },
      );
    }
    this.#script = typeof script === "function" ? script : [...script];
  }

  /** The requested turns, in order. */
  get requests(): readonly PlayedRequest[] {
    return this.#requests;
  }

  /** Records a request, and returns the turn to play; if the script has none, one that fails. */
  async next({ signal, ...request }: TurnRequest): Promise<ReadTurn<S>> {
    const number = this.#requests.length + 1;
    const steered: PlayedRequest["steered"][number][] = [];
    const asked: PlayedRequest = { ...request, number, steered };
    this.#requests.push(asked);
    // A function that never answers must not hold up a turn that is stopped.
    const turn = await Promise.race([
      this.#turnFor(asked),
      untilAborted(signal).then(hang),
    ]);
    return { turn, steer: (input) => void steered.push(input) };
  }

  async #turnFor(asked: PlayedRequest): Promise<S | PlayedTurn> {
    const { number } = asked;
    const entry = typeof this.#script === "function"
      ? this.#script
      : this.#script[number - 1];
    if (entry === undefined) return this.#exhausted(asked);
    try {
      const turn = typeof entry === "function"
        ? await (entry as PlayFunction<S>)(asked)
        : entry;
      checkTurn(turn, number);
      return turn;
    } catch (error) {
      if (error instanceof CodexError) return notStarted(error);
      return notStarted(
        new CodexInputError(`The script failed at turn ${number}`, {
          path: `script[${number - 1}]`,
          cause: error,
        }),
      );
    }
  }

  #exhausted({ number, prompt, review, compact }: PlayedRequest): PlayedTurn {
    const asked = review !== undefined && prompt === ""
      ? `a review (${JSON.stringify(review)})`
      : compact
      ? "a compaction"
      : `the prompt ${quoted(shorten(prompt, MAX_PROMPT_LENGTH))}`;
    return notStarted(
      new CodexInputError(
        `Unexpected turn ${number}: the script ends after ${this.#script.length}; add one for ${asked}`,
        { path: `script[${number - 1}]` },
      ),
    );
  }
}

/** Rejects a value that is not a turn, such as the result of a function without `return`. */
function checkTurn(turn: unknown, number: number): void {
  const steps: unknown[] = Array.isArray(turn) ? turn : [turn];
  const wrong = steps.findIndex((step) =>
    typeof step !== "object" || step === null || Array.isArray(step)
  );
  if (wrong === -1) return;
  const path = `script[${number - 1}]`;
  throw new CodexInputError(
    `The script has no valid turn ${number}: a step is an item, an event or the result of a function of this kit, and step ${
      wrong + 1
    } is ${steps[wrong] === null ? "null" : typeof steps[wrong]}`,
    { path: Array.isArray(turn) ? `${path}[${wrong}]` : path },
  );
}
