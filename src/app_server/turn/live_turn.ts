import { CodexRequestError } from "../../errors/request_errors.ts";
import type { ApprovalHandler } from "../approval.ts";
import type { ElicitationHandler } from "../elicitation.ts";
import type { TurnRequest } from "../../transport/transport.ts";

/** Input for a running turn: checked, and with absolute paths. */
export type SteeringInput = Pick<TurnRequest, "prompt" | "images">;

/** The controls of a running turn. */
export interface TurnControl {
  /** Adds input to the turn. */
  steer(input: SteeringInput): Promise<void>;
}

/** Options of {@linkcode LiveTurn}. */
export interface LiveTurnOptions {
  /** True if pieces of items are wanted. */
  readonly deltas: boolean;
  /** Decides on approval requests; without it, all are declined. */
  readonly onApproval: ApprovalHandler | undefined;
  /** Answers questions of MCP servers; without it, all are declined. */
  readonly onElicitation: ElicitationHandler | undefined;
  /** Milliseconds that each handler may take; `undefined` for no limit. */
  readonly answerTimeoutMs: number | undefined;
}

/**
 * The connection between a turn on the server and its thread, apart from events: the
 * handlers, and the controls of the running turn. A turn that is repaired runs several
 * times.
 */
export class LiveTurn {
  readonly options: LiveTurnOptions;
  #control: TurnControl | undefined;
  #isOver = false;
  #settled: Promise<void> | undefined;
  #settle: () => void = () => {};

  /** Creates it for a turn that has not begun. */
  constructor(options: LiveTurnOptions) {
    this.options = options;
  }

  /** Notes that the turn is being prepared, for the first or a further attempt. */
  prepare(): void {
    this.#isOver = false;
  }

  /** Notes that the server is asked to start the turn, so that parts of it may run from now on. */
  start(): void {
    this.#settled = new Promise((resolve) => this.#settle = resolve);
  }

  /** Notes that the turn is running, and sets its controls. */
  begin(control: TurnControl): void {
    this.#control = control;
  }

  /** Notes that the turn is over, and can no longer be controlled. */
  over(): void {
    this.#control = undefined;
    this.#isOver = true;
  }

  /** True if the turn has begun and is over; it may still be repaired. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Notes that nothing of the turn is running any more. */
  settled(): void {
    this.#settle();
  }

  /** Resolves once nothing of the turn is running; immediately if the server was not asked to start it. */
  async whenSettled(): Promise<void> {
    await this.#settled;
  }

  /**
   * Adds input to the turn.
   *
   * @throws {CodexRequestError} With code `turn_not_running`, if the turn is not running.
   */
  async steer(input: SteeringInput): Promise<void> {
    if (this.#control === undefined) throw notRunning("turn/steer");
    await this.#control.steer(input);
  }
}

/** Creates the error for steering or interrupting a turn that is not running. */
export function notRunning(method: string, cause?: unknown): CodexRequestError {
  const what = method === "turn/steer" ? "steer" : "interrupt";
  return new CodexRequestError(
    `Cannot ${what} the turn: it has not begun or has already ended`,
    { code: "turn_not_running", method, cause },
  );
}
