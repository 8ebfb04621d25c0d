import { resolveApiKey } from "../cli/api_key.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
import {
  isRepositoryRejected,
  outsideRepository,
} from "../cli/git_repository.ts";
import { absolutePath } from "../cli/working_directory.ts";
import { redactError } from "../cli/redact_error.ts";
import { requestWarnings } from "../cli/request_warnings.ts";
import type { Redactor } from "../cli/redact.ts";
import { TurnFiles } from "../cli/temp_files.ts";
import { cleanCause } from "../errors/clean_cause.ts";
import {
  CodexError,
  type CodexUnsupportedOptionError,
  internalError,
} from "../errors/codex_error.ts";
import type { LineProblem } from "../errors/protocol_errors.ts";
import type { ProcessFacts } from "../errors/turn_facts.ts";
import type { CodexOptions } from "../options/options.ts";
import type { Decision } from "../protocol/decision.ts";
import type { Diagnostic } from "../protocol/diagnostics.ts";
import { currentRuntime } from "../runtime/current.ts";
import type { ExitStatus, Runtime, SpawnCommand } from "../runtime/types.ts";
import { EventParser } from "../stream/event_parser.ts";
import type { StopCause, TurnEnding } from "../transport/ending.ts";
import type { TurnBatch, TurnRequest } from "../transport/transport.ts";
import { describeArgs } from "../cli/describe_args.ts";
import { prepareTools } from "../tools/prepared_tools.ts";
import { startToolServer, type ToolServer } from "../tools/tool_server.ts";
import type { KnownSecrets } from "../cli/known_secrets.ts";
import { explainStart } from "../cli/length_limits.ts";
import { loadParser } from "./load_parser.ts";
import { OptionSupport } from "./option_support.ts";
import { CodexProcess } from "./process.ts";
import type { ChildWatch } from "../cli/watched_child.ts";
import { checkRequest, turnCommand, turnTools } from "./turn_command.ts";

/** The context that a turn needs from its transport. */
export interface ExecTurnContext {
  /** The turn. */
  readonly request: TurnRequest;
  /** The client's options. */
  readonly options: CodexOptions;
  /** Finds the CLI. */
  locate(): Promise<LocatedCodex>;
  /** True if the CLI is run again for the turn, whose warnings are known already. */
  readonly isAgain?: boolean;
  /**
   * Makes the next turn look for the CLI again: it may have been installed, updated or
   * moved.
   */
  forgetLocated(): void;
  /** The secrets that the client's turns know. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
  /**
   * Returns the redactor for the secrets that the CLI is given; finds them on the first
   * call.
   */
  redactor(): Redactor;
}

/** A line that cannot be read; `atEnd` tells whether it was the last line. */
interface UnreadLine {
  readonly problem: LineProblem;
  readonly atEnd: boolean;
}

/** One turn: prepares it, starts the CLI, reads its output, ends it, and cleans up. */
export class ExecTurn {
  readonly #context: ExecTurnContext;
  /** The files written for the turn: the schema, and images from memory. */
  readonly #files: TurnFiles = new TurnFiles();
  /** The server of the turn's tools. */
  #toolServer: ToolServer | undefined;
  #process: CodexProcess | undefined;
  #support: OptionSupport | undefined;
  /**
   * Set when the CLI turns out to lack an option of the turn, before it has decided the
   * turn.
   */
  #unsupported: CodexUnsupportedOptionError | undefined;
  #args: readonly string[] = [];
  /** Set when the client stops the turn before the CLI has decided it. */
  #stopped: StopCause | undefined;
  #decision: Decision | undefined;

  /** Prepares a turn; it starts when it is run. */
  constructor(context: ExecTurnContext) {
    this.#context = context;
  }

  /**
   * Runs the turn; see `Transport.runTurn`. Every exit goes through the same `finally`.
   */
  async *run(): AsyncGenerator<TurnBatch, TurnEnding, void> {
    const { signal } = this.#context.request;
    const stop = (): void => void this.#stop();
    try {
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      const started = await this.#start();
      if (!(started instanceof CodexProcess)) return started;
      this.#process = started;
      // Stopped while the process was starting, before there was one to end.
      if (this.#stopped !== undefined) await started.end();
      yield* this.#warnings();
      const unread = yield* this.#read(started);
      if (unread?.atEnd === false) await started.end();
      const exit = await started.finish();
      const rejection = await this.#findRejection(exit, started.stderr);
      if (rejection !== undefined) return this.#notStarted(rejection);
      return this.#makeEnding(exit, unread);
    } catch (error) {
      await this.#process?.end();
      const exit = await this.#process?.finish();
      return {
        type: "failed",
        error: this.#asCodexError(error, "Cannot continue the turn"),
        process: exit === undefined ? null : this.#makeFacts(exit),
      };
    } finally {
      signal.removeEventListener("abort", stop);
      await this.#close();
    }
  }

  /** Yields the warnings about the request, if there are any. */
  *#warnings(): Generator<TurnBatch, void, void> {
    const { options, request, isAgain } = this.#context;
    if (isAgain) return;
    const warnings = requestWarnings(options, request.threadOptions);
    if (warnings.length > 0) yield { events: [], diagnostics: [], warnings };
  }

  /**
   * Ends the CLI, unless the turn is decided: then the CLI may write its thread and exit.
   */
  async #stop(): Promise<void> {
    if (this.#decision !== undefined) return;
    this.#stopped = this.#context.request.signal.reason as StopCause;
    // Without waiting for the CLI to cancel its calls, which it may not be able to.
    this.#toolServer?.end();
    const probeEnded = this.#support?.end(false);
    await this.#process?.end();
    // For a consumer that has stopped pulling and never returns.
    await this.#process?.close({ orphans: "end" });
    if (this.#process !== undefined) await this.#closeTools();
    await probeEnded;
  }

  /** Ends the process, the tools and the version probe. */
  async #close(): Promise<void> {
    const probeEnded = this.#support?.end(this.#decision !== undefined);
    try {
      await this.#closeProcess();
    } finally {
      await this.#closeTools();
      await probeEnded;
    }
  }

  /** Stops a turn that uses an option that the CLI turns out to lack. */
  async #reject(error: CodexUnsupportedOptionError): Promise<void> {
    if (this.#decision !== undefined || this.#stopped !== undefined) return;
    this.#unsupported = error;
    await this.#process?.end();
  }

  /**
   * Finds what the CLI rejected before it began: an option that it lacks, by its version
   * or by its exit, or a folder outside any Git repository.
   */
  async #findRejection(
    exit: ExitStatus,
    stderr: string,
  ): Promise<CodexError | undefined> {
    if (this.#decision !== undefined || this.#stopped !== undefined) {
      return undefined;
    }
    if (this.#unsupported !== undefined) return this.#unsupported;
    if (exit.exitCode !== 0 && isRepositoryRejected(stderr)) {
      const { workingDirectory } = this.#context.request.threadOptions;
      const runtime = currentRuntime();
      return outsideRepository(
        absolutePath(runtime, workingDirectory || runtime.cwd()),
      );
    }
    return await this.#support?.readExit(exit, stderr);
  }

  #notStarted(error: unknown): TurnEnding {
    const { options, forgetLocated } = this.#context;
    forgetLocated();
    return {
      type: "not_started",
      error: this.#asCodexError(
        explainStart(error, { options, args: this.#args }),
        "Cannot prepare the turn",
      ),
    };
  }

  /** Ends the turn's tools; the results of running calls are discarded. */
  async #closeTools(): Promise<void> {
    const server = this.#toolServer;
    this.#toolServer = undefined;
    if (server === undefined) return;
    await server.close();
    this.#context.secrets.forget(server.token);
  }

  /** Ends the CLI and removes the temporary files. */
  async #closeProcess(): Promise<void> {
    if (this.#process === undefined) return await this.#files.remove();
    if (this.#decision === undefined) await this.#process.end();
    // Nobody reads any more: do not wait for the remaining output.
    await this.#process.finish();
    // If the turn is complete, keep processes that the agent left running on purpose.
    const orphans = this.#decision === "completed" ? "keep" : "end";
    await this.#process.close({ orphans });
  }

  /**
   * Checks and prepares the turn, and starts the CLI; returns an ending if the turn was
   * stopped or cannot be started.
   */
  async #start(): Promise<CodexProcess | TurnEnding> {
    const { request, options } = this.#context;
    try {
      const runtime = currentRuntime();
      const command = await this.#prepare(runtime);
      this.#support = new OptionSupport({ runtime, command, options, request });
      await this.#support.check();
      if (this.#stopped !== undefined) {
        return { ...this.#stopped, process: null };
      }
      this.#args = command.args;
      return await CodexProcess.start(runtime, command, request.prompt, {
        graceMs: options.shutdownGraceMs,
        endWithHost: options.endWithHost,
        files: this.#files,
        watch: this.#watch,
      });
    } catch (error) {
      return this.#notStarted(error);
    }
  }

  /** The watcher of the CLI, if there is one. */
  get #watch(): ChildWatch | undefined {
    const { watcher } = this.#context.request;
    return watcher && {
      watcher,
      redact: (text, isCut) => this.#context.redactor().clean(text, isCut),
    };
  }

  /** Starts the server of the turn's tools, if it has any. */
  async #startTools(runtime: Runtime): Promise<ToolServer | undefined> {
    const { options, request, secrets } = this.#context;
    const { tools, timeoutMs } = turnTools(options, request);
    if (tools.length === 0) return undefined;
    const server = await startToolServer(runtime, {
      tools: await prepareTools(tools),
      timeoutMs,
      threadId: request.threadId,
    });
    this.#toolServer = server;
    secrets.add(server.token);
    if (this.#stopped !== undefined) server.end();
    return server;
  }

  /** Builds the command; throws for an invalid request before it looks for the CLI. */
  async #prepare(runtime: Runtime): Promise<SpawnCommand> {
    const { options, request: given, locate, secrets } = this.#context;
    const checked = await checkRequest(runtime, options, given);
    const apiKey = await resolveApiKey(options.apiKey, given.signal);
    secrets.add(apiKey);
    const located = await locate();
    const { outputSchema, images } = checked.request;
    return turnCommand(runtime, {
      ...checked,
      located,
      options: { ...options, apiKey },
      schemaPath: await this.#files.writeSchema(runtime, outputSchema),
      images: await this.#files.writeImages(runtime, images),
      toolServer: await this.#startTools(runtime),
    });
  }

  /** Reads stdout to its end, or to a line that cannot be read. */
  async *#read(
    process: CodexProcess,
  ): AsyncGenerator<TurnBatch, UnreadLine | undefined, void> {
    const { strictEvents = false, maxLineBytes } = this.#context.options;
    const first = process.read();
    // While the CLI boots, loading the parser blocks this thread: write the prompt first
    // (facts R9).
    await Promise.race([process.promptWritten, first]);
    loadParser();
    // Meanwhile, find the CLI's secrets, and ask for its version.
    this.#context.redactor();
    void this.#support?.watch((error) => void this.#reject(error));
    const parser = new EventParser({ strict: strictEvents, maxLineBytes });
    for (let next = first;; next = process.read()) {
      const chunk = await next;
      const atEnd = chunk === undefined;
      const { batch, decided, problem } = atEnd
        ? parser.end()
        : parser.push(chunk);
      if (!atEnd) process.freeChunk(chunk);
      if (decided !== undefined && this.#decision === undefined) {
        this.#decision = decided;
        process.expectExit();
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

  #makeEnding(exit: ExitStatus, unread: UnreadLine | undefined): TurnEnding {
    const process = this.#makeFacts(exit);
    if (this.#stopped !== undefined) return { ...this.#stopped, process };
    const lingered = this.#process?.wasEnded ?? false;
    // If the CLI crashed, its last line was cut short by the crash.
    const crashed = exit.exitCode !== 0 && unread?.atEnd;
    if (unread !== undefined && !crashed) {
      return { type: "protocol_error", problem: unread.problem, process };
    }
    return { type: "exited", process, lingered };
  }

  #makeFacts(exit: ExitStatus): ProcessFacts {
    const process = this.#process;
    const stderr = this.#context.redactor()
      .clean(process?.stderr ?? "", process?.isStderrCut);
    return { ...exit, stderr, argv: describeArgs(this.#args) };
  }

  #redact(text: string): string {
    return this.#context.redactor().clean(text);
  }

  #redacted(diagnostic: Diagnostic): Diagnostic {
    const { path, message } = diagnostic;
    return {
      ...diagnostic,
      path: this.#redact(path),
      message: this.#redact(message),
    };
  }

  #redactedProblem(problem: LineProblem): LineProblem {
    // JavaScript quotes a part of the line, wherever it was cut.
    const cause = problem.cause === undefined
      ? undefined
      : cleanCause(problem.cause, (words) => words.replace(/"[^]*"/, '"…"'));
    return { ...problem, message: this.#redact(problem.message), cause };
  }

  /**
   * Removes secrets from an error; wraps an error from outside this package as an
   * internal error about the action that failed.
   */
  #asCodexError(error: unknown, what: string): CodexError {
    const shown = error instanceof CodexError
      ? error
      : internalError(what, error);
    return redactError(shown, (text) => this.#redact(text));
  }
}
