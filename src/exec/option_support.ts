import type { CodexUnsupportedOptionError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import type { ExitStatus, Runtime, SpawnCommand } from "../runtime/types.ts";
import type { UnrunRequest } from "../transport/transport.ts";
import {
  lackingError,
  lackingOption,
  type NewerOption,
  newerOptions,
  unexpectedOption,
} from "./newer_options.ts";
import {
  askVersion,
  askVersionOnce,
  toldVersion,
  type VersionProbe,
} from "./version_probe.ts";

/** The exit code of a CLI that does not take its arguments (facts F14). */
const USAGE_EXIT = 2;

/** The time that the CLI has for its version after its turn, in ms. */
const LATE_ANSWER_MS = 1000;

/** What a turn's options are, and what they are given to. */
export interface SupportInput {
  readonly runtime: Runtime;
  /** The turn's command. */
  readonly command: SpawnCommand;
  /** The client's options. */
  readonly options: CodexOptions;
  /** The turn. */
  readonly request: UnrunRequest;
}

/**
 * Finds out whether the CLI has all that a turn asks for. Most turns ask for what every CLI
 * has, and cost nothing here. Of others, the first has the CLI asked for its version while
 * it boots, and later ones know it.
 */
export class OptionSupport {
  readonly #input: SupportInput;
  readonly #newer: readonly NewerOption[];
  #probe: VersionProbe | undefined;

  /** Looks at what a turn asks for. */
  constructor(input: SupportInput) {
    this.#input = input;
    this.#newer = newerOptions(input.options, input.request);
  }

  /**
   * Rejects what the CLI is known to lack, before it is started.
   *
   * @throws {CodexUnsupportedOptionError} With the option and the version.
   */
  async check(): Promise<void> {
    const told = toldVersion(this.#input.command.program);
    if (told === undefined) return;
    if (lackingOption(this.#newer, told) === undefined) return;
    // It may have been updated since it was asked.
    this.#probe = this.#ask(askVersion);
    const error = this.#errorFor(await this.#probe.result);
    if (error !== undefined) throw error;
  }

  /** Asks the CLI for its version unless that is known, and tells what it turns out to lack. */
  async watch(
    onLacking: (error: CodexUnsupportedOptionError) => void,
  ): Promise<void> {
    if (this.#newer.length === 0) return;
    if (toldVersion(this.#input.command.program) !== undefined) return;
    this.#probe ??= this.#ask(askVersionOnce);
    const error = this.#errorFor(await this.#probe.result);
    if (error !== undefined) onLacking(error);
  }

  /** Reads in the CLI's exit whether it did not know an option; asks for its version, if that is not known. */
  async readExit(
    { exitCode }: ExitStatus,
    stderr: string,
  ): Promise<CodexUnsupportedOptionError | undefined> {
    if (exitCode !== USAGE_EXIT) return undefined;
    const { options, request, command } = this.#input;
    const unexpected = unexpectedOption(stderr, options, request);
    if (unexpected === undefined) return undefined;
    this.#probe ??= this.#ask(askVersionOnce);
    return lackingError(
      unexpected,
      await this.#probe.result,
      command.program,
    );
  }

  /**
   * Leaves nothing of the question behind.
   *
   * @param isDecided Says that the turn has come to its end, and not been stopped: a CLI
   * that has not told its version by then gets a moment to do it.
   */
  async end(isDecided: boolean): Promise<void> {
    await this.#probe?.end(isDecided ? LATE_ANSWER_MS : 0);
  }

  #ask(ask: typeof askVersion): VersionProbe {
    const { runtime, command, options } = this.#input;
    return ask(runtime, command, {
      graceMs: options.shutdownGraceMs,
      endWithHost: options.endWithHost,
    });
  }

  #errorFor(
    version: string | null,
  ): CodexUnsupportedOptionError | undefined {
    const lacking = lackingOption(this.#newer, version);
    return lacking &&
      lackingError(lacking, version, this.#input.command.program);
  }
}
