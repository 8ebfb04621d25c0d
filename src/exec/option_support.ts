import type { CodexUnsupportedOptionError } from "../errors/codex_error.ts";
import type { CodexOptions } from "../options/options.ts";
import type { ExitStatus, Runtime, SpawnCommand } from "../runtime/types.ts";
import type { UnrunRequest } from "../transport/transport.ts";
import {
  findMissingOption,
  missingOptionError,
  type NewerOption,
  newerOptions,
  unexpectedOption,
} from "./newer_options.ts";
import {
  askVersion,
  askVersionOnce,
  knownVersion,
  type VersionProbe,
} from "./version_probe.ts";

/** The exit code of a CLI that does not accept its arguments (facts F14). */
const USAGE_EXIT = 2;

/** The time that the CLI has to report its version after its turn, in milliseconds. */
const LATE_ANSWER_MS = 1000;

/** The options of a turn, and the command that they are passed to. */
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
 * Finds out whether the CLI supports everything that a turn uses. Most turns use only
 * what every CLI supports, and cost nothing here. Otherwise the first turn asks the CLI
 * for its version while it boots, and later turns know it.
 */
export class OptionSupport {
  readonly #input: SupportInput;
  readonly #newer: readonly NewerOption[];
  #probe: VersionProbe | undefined;

  /** Lists the newer options of a turn. */
  constructor(input: SupportInput) {
    this.#input = input;
    this.#newer = newerOptions(input.options, input.request);
  }

  /**
   * Rejects options that the CLI is known to lack, before it is started.
   *
   * @throws {CodexUnsupportedOptionError} With the option and the version.
   */
  async check(): Promise<void> {
    const told = knownVersion(this.#input.command.program);
    if (told === undefined) return;
    if (findMissingOption(this.#newer, told) === undefined) return;
    // The CLI may have been updated since it was asked.
    this.#probe = this.#ask(askVersion);
    const error = this.#errorFor(await this.#probe.result);
    if (error !== undefined) throw error;
  }

  /**
   * Asks the CLI for its version unless it is known, and reports an option that it lacks.
   */
  async watch(
    onLacking: (error: CodexUnsupportedOptionError) => void,
  ): Promise<void> {
    if (this.#newer.length === 0) return;
    if (knownVersion(this.#input.command.program) !== undefined) return;
    this.#probe ??= this.#ask(askVersionOnce);
    const error = this.#errorFor(await this.#probe.result);
    if (error !== undefined) onLacking(error);
  }

  /**
   * Reads from the CLI's exit whether it did not know an option; asks for its version if
   * that is unknown.
   */
  async readExit(
    { exitCode }: ExitStatus,
    stderr: string,
  ): Promise<CodexUnsupportedOptionError | undefined> {
    if (exitCode !== USAGE_EXIT) return undefined;
    const { options, request, command } = this.#input;
    const unexpected = unexpectedOption(stderr, options, request);
    if (unexpected === undefined) return undefined;
    this.#probe ??= this.#ask(askVersionOnce);
    return missingOptionError(
      unexpected,
      await this.#probe.result,
      command.program,
    );
  }

  /**
   * Ends the version probe, if there is one.
   *
   * @param isDecided True if the turn was decided and not stopped: a CLI that has not
   * reported its version yet then gets a second to do so.
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
    const lacking = findMissingOption(this.#newer, version);
    return lacking &&
      missingOptionError(lacking, version, this.#input.command.program);
  }
}
