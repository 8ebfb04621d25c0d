import type { ThreadEvent, Usage } from "../../protocol/events.ts";
import type { ThreadItem } from "../../protocol/items.ts";
import type {
  ExitStep,
  FailureStep,
  HangStep,
  PauseStep,
} from "../kit/play/steps.ts";

/** A step that prints; created by {@linkcode prints}. */
export interface PrintStep extends Required<PrintOptions> {
  /** Identifies the kind of step. */
  readonly play: "prints";
  /** The output, printed unchanged. */
  readonly content: string | Uint8Array;
}

/** Options of {@linkcode prints}. */
export interface PrintOptions {
  /** The stream to print to. @default {"stdout"} */
  readonly to?: "stdout" | "stderr";
  /** The number of times to print; `Infinity` prints until the reader is gone. @default {1} */
  readonly times?: number;
}

/** A step that reads stdin; created by {@linkcode readsStdin}. */
export interface ReadStdinStep {
  /** Identifies the kind of step. */
  readonly play: "reads_stdin";
}

/** A step after which a signal is ignored; created by {@linkcode ignoresSignal}. */
export interface IgnoreSignalStep {
  /** Identifies the kind of step. */
  readonly play: "ignores_signal";
  /** The signal. */
  readonly signal: IgnoredSignal;
}

/** The signals that a fake executable can ignore. */
export type IgnoredSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/**
 * A step of a fake executable: an item, an event or a token usage, which is printed as
 * `codex exec` prints it; or an action of the program.
 */
export type FakeExecutableStep =
  | ThreadItem
  | ThreadEvent
  | Usage
  | PauseStep
  | FailureStep
  | HangStep
  | ExitStep
  | PrintStep
  | ReadStdinStep
  | IgnoreSignalStep;

/**
 * Prints a string or bytes unchanged: no line ending is added, and no event is printed
 * before it.
 *
 * @example Garbage, half a line, and a flood
 * ```ts
 * import { exits, prints, writeFakeExecutable } from "@acodex/sdk/testing";
 *
 * const fake = await writeFakeExecutable([
 *   prints(new Uint8Array([0xff, 0xfe, 0x0a])),
 *   prints('{"type":"turn.sta'),
 *   prints("x".repeat(1000), { to: "stderr", times: 10_000 }),
 *   exits({ exitCode: 3 }),
 * ]);
 * console.log(fake.path);
 * await fake.remove();
 * ```
 */
export function prints(
  content: string | Uint8Array,
  { to = "stdout", times = 1 }: PrintOptions = {},
): PrintStep {
  return { play: "prints", content, to, times };
}

/**
 * Reads stdin to its end. Without this step, stdin is read before the first step; after a
 * step that hangs or exits, it is never read.
 */
export function readsStdin(): ReadStdinStep {
  return { play: "reads_stdin" };
}

/** Ignores a signal from here on. Windows has no signals: ending a process there cannot be ignored. */
export function ignoresSignal(signal: IgnoredSignal): IgnoreSignalStep {
  return { play: "ignores_signal", signal };
}
