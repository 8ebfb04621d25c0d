import { CodexError, CodexInputError } from "../../../errors/codex_error.ts";
import type { TurnRequest } from "../../../transport/transport.ts";
import { quoted, shorten } from "../../../util/text.ts";
import { hang, notStarted, type PlayedTurn } from "./steps.ts";
import { untilAborted } from "./until_aborted.ts";

/** The most of a prompt that the error of a script that has run out shows, in characters. */
const MAX_PROMPT_LENGTH = 120;

/** A turn that a fake client was asked for, as the CLI would be: checked, with images read and the schema written. */
export interface PlayedRequest extends Omit<TurnRequest, "signal"> {
  /** Its number among the turns of the client, from 1; a `repair` asks for one more. */
  readonly number: number;
  /** What was added to it while it ran, by `steer()` of {@linkcode ServerStreamedTurn}. */
  readonly steered: readonly Pick<TurnRequest, "prompt" | "images">[];
}

/** A turn to be played, and where to note what is added to it. */
export interface ReadTurn<S> {
  /** The turn. */
  readonly turn: S | PlayedTurn;
  /** Notes what is added. */
  steer(input: PlayedRequest["steered"][number]): void;
}

/** Decides on a turn by looking at what is asked. */
export type PlayFunction<S = PlayedTurn> = (
  request: PlayedRequest,
) => S | Promise<S>;

/** The turns of a fake client: one after the other, or as a function decides. */
export type PlayedScript<S = PlayedTurn> =
  | readonly (S | PlayFunction<S>)[]
  | PlayFunction<S>;

/** Hands out the turns of a script, and notes what was asked. */
export class ScriptReader<S> {
  readonly #script: PlayedScript<S>;
  readonly #requests: PlayedRequest[] = [];

  /** Begins with the first turn. */
  constructor(script: PlayedScript<S>) {
    if (typeof script !== "function" && !Array.isArray(script)) {
      throw new CodexInputError(
        "script must be an array of turns, or a function that returns one turn",
        { path: "script" },
      );
    }
    this.#script = typeof script === "function" ? script : [...script];
  }

  /** The turns that were asked for, in order. */
  get requests(): readonly PlayedRequest[] {
    return this.#requests;
  }

  /** Notes a request, and gives the turn to be played; one that says what is wrong where there is none. */
  async next({ signal, ...request }: TurnRequest): Promise<ReadTurn<S>> {
    const number = this.#requests.length + 1;
    const steered: PlayedRequest["steered"][number][] = [];
    const asked: PlayedRequest = { ...request, number, steered };
    this.#requests.push(asked);
    // A function that never answers does not keep a turn that is stopped.
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

/** Rejects what is no turn, as a function without `return` gives. */
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
