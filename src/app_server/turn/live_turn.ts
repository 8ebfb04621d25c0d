import { CodexRequestError } from "../../errors/request_errors.ts";
import type { ApprovalHandler } from "../approval.ts";
import type { ElicitationHandler } from "../elicitation.ts";
import type { TurnRequest } from "../../transport/transport.ts";

/** What is added to a turn while it runs: checked, its paths in full. */
export type SteeringInput = Pick<TurnRequest, "prompt" | "images">;

/** What can be done to a turn while it runs. */
export interface TurnControl {
  /** Adds to it. */
  steer(input: SteeringInput): Promise<void>;
}

/** Options of {@linkcode LiveTurn}. */
export interface LiveTurnOptions {
  /** Says whether pieces of items are wanted. */
  readonly deltas: boolean;
  /** Decides on requests for leave; `undefined` where nothing is granted. */
  readonly onApproval: ApprovalHandler | undefined;
  /** Answers questions of MCP servers; `undefined` where nobody does. */
  readonly onElicitation: ElicitationHandler | undefined;
  /** How long each may take, in ms. */
  readonly answerTimeoutMs: number | undefined;
}

/**
 * What lies between a turn on the server and its thread, beside its events: who answers,
 * and what can be done to it while it runs. A turn that is repaired runs several times.
 */
export class LiveTurn {
  readonly options: LiveTurnOptions;
  #control: TurnControl | undefined;
  #isOver = false;
  #settled: Promise<void> | undefined;
  #settle: () => void = () => {};

  /** Makes it for a turn that has not begun. */
  constructor(options: LiveTurnOptions) {
    this.options = options;
  }

  /** Notes that the turn is prepared, perhaps once more. */
  prepare(): void {
    this.#isOver = false;
  }

  /** Notes that the server is asked to start the turn: from now on something of it may run. */
  start(): void {
    this.#settled = new Promise((resolve) => this.#settle = resolve);
  }

  /** Notes that the turn runs, and how to reach it. */
  begin(control: TurnControl): void {
    this.#control = control;
  }

  /** Notes that the turn is over: nothing can be done to it any more. */
  over(): void {
    this.#control = undefined;
    this.#isOver = true;
  }

  /** True where the turn has begun, and is over; it may still be repaired. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Notes that nothing of the turn runs any more. */
  settled(): void {
    this.#settle();
  }

  /** Resolves when nothing of the turn runs any more; at once where the server was not asked to start it. */
  async whenSettled(): Promise<void> {
    await this.#settled;
  }

  /**
   * Adds to the turn.
   *
   * @throws {CodexRequestError} With code `turn_not_running`, if it does not run.
   */
  async steer(input: SteeringInput): Promise<void> {
    if (this.#control === undefined) throw notRunning("turn/steer");
    await this.#control.steer(input);
  }
}

/** Makes the error for what cannot be done to a turn that does not run. */
export function notRunning(method: string, cause?: unknown): CodexRequestError {
  const what = method === "turn/steer" ? "steer" : "interrupt";
  return new CodexRequestError(
    `Cannot ${what} the turn: it has not begun or has already ended`,
    { code: "turn_not_running", method, cause },
  );
}
