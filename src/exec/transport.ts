import type { Diagnostic } from "../protocol/diagnostics.ts";
import { CodexError, internalError } from "../errors/codex_error.ts";
import { cleanCause } from "../errors/clean_cause.ts";
import type { CodexOptions } from "../options/options.ts";
import { onAbort } from "../util/on_abort.ts";
import { entryModule } from "../runtime/entry_module.ts";
import { currentRuntime } from "../runtime/current.ts";
import type { ExitStatus, Runtime, SpawnCommand } from "../runtime/types.ts";
import { EventReader } from "../stream/event_parser.ts";
import type {
  ProcessFacts,
  StopCause,
  Transport,
  TransportTurn,
  TurnBatch,
  TurnEnding,
  TurnImage,
  TurnRequest,
} from "../transport/transport.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import { buildArgs, describeArgs } from "./args.ts";
import { buildEnv, type EnvInput } from "../cli/env.ts";
import { checkImages, TurnFiles } from "../cli/temp_files.ts";
import { locateCodex } from "../cli/locate/locate.ts";
import { hasFolder } from "../cli/locate/paths.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
import { CodexProcess } from "./process.ts";
import { redactError } from "../cli/redact_error.ts";
import { Redactor } from "../cli/redact.ts";
import { secretsIn } from "../cli/secrets.ts";
import { warmUpEventReader } from "./load_parser.ts";
import { absolutePath, workingDirectory } from "../cli/working_directory.ts";

/** `codex exec`: one process a turn, JSON lines on its stdout. */
export class ExecTransport implements Transport {
  readonly #options: CodexOptions;
  readonly #programFile: string | null;
  #located: Promise<LocatedCodex> | undefined;

  /**
   * Makes a transport; nothing is looked up before the first turn.
   *
   * @param programFile The program's first file, as it is on this thread unless another
   * thread says it; `null` where there is none.
   */
  constructor(
    options: CodexOptions,
    programFile: string | null = entryModule() ?? null,
  ) {
    this.#options = options;
    this.#programFile = programFile;
  }

  /** Prepares a turn. */
  startTurn(request: TurnRequest): TransportTurn {
    return new ExecTurn(request, this.#options, {
      find: (runtime) => {
        const { codexPathOverride } = this.#options;
        this.#located ??= locateCodex(
          runtime,
          codexPathOverride,
          this.#programFile,
        );
        return this.#located;
      },
      // It may have been installed, updated or moved by the next turn.
      forget: () => this.#located = undefined,
    });
  }
}

/** Finds the CLI once for many turns. */
interface Locator {
  find(runtime: Runtime): Promise<LocatedCodex>;
  /** Has it looked up again by the next turn. */
  forget(): void;
}

/** One turn: prepares it, starts the CLI, reads it, ends it, and tidies up. */
class ExecTurn implements TransportTurn {
  readonly batches: AsyncIterable<TurnBatch>;
  readonly #request: TurnRequest;
  readonly #options: CodexOptions;
  readonly #locator: Locator;
  #process: CodexProcess | undefined;
  /** What was written for the turn: the schema, and images from memory. */
  readonly #files: TurnFiles = new TurnFiles();
  #argv: readonly string[] = [];
  /** Knows the secrets that the CLI was given; those of the options also before that. */
  #redactor: Redactor | undefined;
  #ending: TurnEnding | null = null;
  #tidied: Promise<void> | undefined;
  /** Set when the turn is stopped from here before the CLI has decided it. */
  #stopped: StopCause | undefined;
  /** What the CLI has said of how the turn ended. */
  #decided: "completed" | "failed" | undefined;

  constructor(
    request: TurnRequest,
    options: CodexOptions,
    locator: Locator,
  ) {
    this.#request = request;
    this.#options = options;
    this.#locator = locator;
    this.batches = this.#run();
  }

  get ending(): TurnEnding | null {
    return this.#ending;
  }

  redact(text: string): string {
    return this.#secrets.clean(text);
  }

  get #secrets(): Redactor {
    this.#redactor ??= new Redactor(
      secretsIn({
        options: this.#options,
        hostEnv: (name) => currentRuntime().env(name),
      }),
    );
    return this.#redactor;
  }

  /** An error of this package, without secrets; any other as a defect, with what could not be done. */
  #asCodexError(error: unknown, what: string): CodexError {
    const shown = error instanceof CodexError
      ? error
      : internalError(what, error);
    return redactError(shown, (text) => this.redact(text));
  }

  async stop(
    cause: StopCause = { type: "aborted", reason: undefined },
  ): Promise<void> {
    // A turn that is decided lets the CLI write down its thread and exit.
    if (this.#decided) return;
    this.#stopped ??= cause;
    await this.#process?.end();
    // Also for a consumer that has stopped pulling and will never come back.
    if (this.#process !== undefined) await this.#tidyUp(this.#process);
  }

  async *#run(): AsyncGenerator<TurnBatch, void, void> {
    let stopListening: (() => void) | undefined;
    try {
      stopListening = this.#listen();
      this.#process = await this.#start();
      if (this.#process === undefined) return;
      // Stopped while it was being started, when there was nothing to end yet.
      if (this.#stopped !== undefined) await this.#process.end();
      const unread = yield* this.#read(this.#process);
      if (unread?.atEnd === false) await this.#process.end();
      this.#ending = this.#endingOf(await this.#process.finish(), unread);
    } catch (error) {
      await this.#process?.end();
      const exit = await this.#process?.finish();
      this.#ending = {
        type: "failed",
        error: this.#asCodexError(error, "Cannot go on with the turn"),
        process: exit === undefined ? null : this.#factsOf(exit),
      };
    } finally {
      stopListening?.();
      if (!this.#decided) await this.#process?.end();
      await this.#process?.finish();
      if (this.#process === undefined) await this.#files.remove();
      else await this.#tidyUp(this.#process);
    }
  }

  /** Has the turn stopped when the caller's signal is aborted; gives the function that ends that. */
  #listen(): (() => void) | undefined {
    const { signal } = this.#request;
    return signal && onAbort(
      signal,
      () => void this.stop({ type: "aborted", reason: signal.reason }),
    );
  }

  /** Leaves nothing of a process that has exited or been ended; once, whoever asks for it. */
  #tidyUp(process: CodexProcess): Promise<void> {
    this.#tidied ??= this.#tidyUpNow(process);
    return this.#tidied;
  }

  async #tidyUpNow(process: CodexProcess): Promise<void> {
    // What the agent left running on purpose stays where the turn is complete, unless
    // it holds the CLI's pipes.
    if (this.#decided !== "completed" || process.pipesHeld) {
      await process.sweep();
    }
    await this.#files.remove();
    await process.dismissWatchdog();
    await process.readAhead();
  }

  /** Checks, prepares and starts the CLI; nothing, and an ending, if it was stopped or cannot be. */
  async #start(): Promise<CodexProcess | undefined> {
    try {
      const runtime = currentRuntime();
      const command = await this.#prepare(runtime);
      if (this.#stopped === undefined) {
        this.#argv = describeArgs(command.args);
        return await CodexProcess.start(
          runtime,
          command,
          this.#request.prompt,
          {
            graceMs: this.#options.shutdownGraceMs,
            endWithHost: this.#options.endWithHost,
            folders: this.#files.folders,
          },
        );
      }
      this.#ending = { ...this.#stopped, process: null };
    } catch (error) {
      this.#locator.forget();
      this.#ending = {
        type: "not_started",
        error: this.#asCodexError(error, "Cannot prepare the turn"),
      };
    }
    return undefined;
  }

  /** What to start; throws for what is wrong with the request before it looks for the CLI. */
  async #prepare(runtime: Runtime): Promise<SpawnCommand> {
    const { outputSchema, threadOptions } = this.#request;
    const options = this.#options;
    const none = { images: [], schemaPath: undefined };
    buildArgs({ options, request: this.#request, ...none });
    const cwd = await workingDirectory(
      runtime,
      threadOptions.workingDirectory,
    );
    // The CLI starts there, so what is named from the program's own folder is named in
    // full (facts F28).
    const request = {
      ...this.#request,
      threadOptions: { ...threadOptions, workingDirectory: cwd },
    };
    const images = cwd === undefined
      ? request.images
      : request.images.map((image) => fromAnywhere(runtime, image));
    await checkImages(runtime, images);
    const { program, pathFolders } = await this.#locator.find(runtime);
    const isRelative = cwd !== undefined && hasFolder(program);
    const schemaPath = await this.#files.writeSchema(runtime, outputSchema);
    const paths = await this.#files.writeImages(runtime, images);
    const envInput: EnvInput = {
      options,
      hostEnv: (name) => runtime.env(name),
      fromHost: cwd === undefined
        ? undefined
        : (path) => absolutePath(runtime, path),
      pathFolders,
      windows: runtime.platform === "win32",
    };
    return {
      program: isRelative ? absolutePath(runtime, program) : program,
      args: buildArgs({ options, request, images: paths, schemaPath }),
      env: buildEnv(envInput),
      cwd,
    };
  }

  /** Reads stdout to its end, or to a line that cannot be read. */
  async *#read(
    process: CodexProcess,
  ): AsyncGenerator<TurnBatch, UnreadLine | undefined, void> {
    const first = process.read();
    // The CLI boots while it has its prompt, and this takes the thread: first the prompt.
    await Promise.race([process.fed, first]);
    warmUpEventReader();
    const reader = new EventReader({
      strict: this.#options.strictEvents ?? false,
      maxLineBytes: this.#options.maxLineBytes,
    });
    for (let next = first;; next = process.read()) {
      const chunk = await next;
      const atEnd = chunk === undefined;
      const { batch, decided, problem } = atEnd
        ? reader.end()
        : reader.push(chunk);
      if (!atEnd) process.giveBack(chunk);
      if (decided !== undefined && this.#decided === undefined) {
        this.#decided = decided;
        process.letGo();
      }
      if (batch.events.length + batch.diagnostics.length > 0) {
        yield batch.diagnostics.length === 0 ? batch : {
          ...batch,
          diagnostics: batch.diagnostics.map((each) => this.#redacted(each)),
        };
      }
      if (problem !== undefined) {
        return { problem: this.#redactedProblem(problem), atEnd };
      }
      if (atEnd) return undefined;
    }
  }

  #redacted(diagnostic: Diagnostic): Diagnostic {
    const { path, message } = diagnostic;
    return {
      ...diagnostic,
      path: this.redact(path),
      message: this.redact(message),
    };
  }

  #redactedProblem(problem: LineProblem): LineProblem {
    // JavaScript quotes a part of the line, wherever it was cut.
    const cause = problem.cause === undefined
      ? undefined
      : cleanCause(problem.cause, (words) => words.replace(/"[^]*"/, '"…"'));
    return { ...problem, message: this.redact(problem.message), cause };
  }

  #factsOf(exit: ExitStatus): ProcessFacts {
    const process = this.#process;
    return {
      ...exit,
      stderr: this.#secrets.clean(process?.stderr ?? "", process?.isStderrCut),
      argv: this.#argv,
    };
  }

  #endingOf(exit: ExitStatus, unread: UnreadLine | undefined): TurnEnding {
    const process = this.#factsOf(exit);
    if (this.#stopped !== undefined) return { ...this.#stopped, process };
    const lingered = this.#process?.ended ?? false;
    // A last line that was cut short by a crash is the crash.
    const crashed = exit.exitCode !== 0 && unread?.atEnd;
    if (unread !== undefined && !crashed) {
      return { type: "protocol_error", problem: unread.problem, process };
    }
    return { type: "exited", process, lingered };
  }
}

/** An image whose path holds from any working directory. */
function fromAnywhere(runtime: Runtime, image: TurnImage): TurnImage {
  const { source } = image;
  return typeof source === "string"
    ? { ...image, source: absolutePath(runtime, source) }
    : image;
}

/** A line that cannot be read, and whether it was the last one. */
interface UnreadLine {
  readonly problem: LineProblem;
  readonly atEnd: boolean;
}
