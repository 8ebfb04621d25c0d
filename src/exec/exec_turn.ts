import { askApiKey } from "../cli/api_key.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
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

/** Everything that a turn needs of its transport. */
export interface ExecTurnContext {
  /** The turn. */
  readonly request: TurnRequest;
  /** The client's options. */
  readonly options: CodexOptions;
  /** Finds the CLI. */
  locate(): Promise<LocatedCodex>;
  /** Has the CLI found again by the next turn: it may have been installed, updated or moved. */
  forgetLocated(): void;
  /** The secrets that the client's turns know. */
  readonly secrets: Pick<KnownSecrets, "add" | "forget">;
  /** Gives what takes out the secrets that the CLI is given; looks for them when first asked. */
  redactor(): Redactor;
}

/** A line that cannot be read, and whether it was the last one. */
interface UnreadLine {
  readonly problem: LineProblem;
  readonly atEnd: boolean;
}

/** One turn: prepares it, starts the CLI, reads it, ends it, and tidies up. */
export class ExecTurn {
  readonly #context: ExecTurnContext;
  /** The files written for the turn: the schema, and images from memory. */
  readonly #files: TurnFiles = new TurnFiles();
  /** The server of the turn's tools. */
  #toolServer: ToolServer | undefined;
  #process: CodexProcess | undefined;
  #support: OptionSupport | undefined;
  /** Set when the CLI turns out to lack what the turn asks for, before it has decided it. */
  #unsupported: CodexUnsupportedOptionError | undefined;
  #args: readonly string[] = [];
  /** Set when the turn is stopped from here before the CLI has decided it. */
  #stopped: StopCause | undefined;
  #decision: Decision | undefined;

  /** Prepares a turn; nothing happens before it is run. */
  constructor(context: ExecTurnContext) {
    this.#context = context;
  }

  /** Runs the turn; see `Transport.runTurn`. On every way out the same `finally` ends it. */
  async *run(): AsyncGenerator<TurnBatch, TurnEnding, void> {
    const { signal } = this.#context.request;
    const stop = (): void => void this.#stop();
    try {
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      const started = await this.#start();
      if (!(started instanceof CodexProcess)) return started;
      this.#process = started;
      // Stopped while it was being started, when there was nothing to end yet.
      if (this.#stopped !== undefined) await started.end();
      yield* this.#warnings();
      const unread = yield* this.#read(started);
      if (unread?.atEnd === false) await started.end();
      const exit = await started.finish();
      const unsupported = await this.#findUnsupported(exit, started.stderr);
      if (unsupported !== undefined) return this.#notStarted(unsupported);
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
    const { options, request } = this.#context;
    const warnings = requestWarnings(options, request.threadOptions);
    if (warnings.length > 0) yield { events: [], diagnostics: [], warnings };
  }

  /** Ends the CLI; a turn that is decided lets it write down its thread and exit. */
  async #stop(): Promise<void> {
    if (this.#decision !== undefined) return;
    this.#stopped = this.#context.request.signal.reason as StopCause;
    // Before the CLI tells it: it may be beyond that.
    this.#toolServer?.end();
    const probeEnded = this.#support?.end(false);
    await this.#process?.end();
    // Also for a consumer that has stopped pulling and will never come back.
    await this.#process?.close({ orphans: "end" });
    if (this.#process !== undefined) await this.#closeTools();
    await probeEnded;
  }

  /** Leaves nothing of the turn behind. */
  async #close(): Promise<void> {
    const probeEnded = this.#support?.end(this.#decision !== undefined);
    try {
      await this.#closeProcess();
    } finally {
      await this.#closeTools();
      await probeEnded;
    }
  }

  /** Stops a turn that asks for what the CLI turns out to lack. */
  async #reject(error: CodexUnsupportedOptionError): Promise<void> {
    if (this.#decision !== undefined || this.#stopped !== undefined) return;
    this.#unsupported = error;
    await this.#process?.end();
  }

  /** Finds what the CLI lacks of what the turn asks for, by its version or by how it has exited. */
  async #findUnsupported(
    exit: ExitStatus,
    stderr: string,
  ): Promise<CodexUnsupportedOptionError | undefined> {
    if (this.#decision !== undefined || this.#stopped !== undefined) {
      return undefined;
    }
    return this.#unsupported ?? await this.#support?.readExit(exit, stderr);
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

  /** Ends the turn's tools: what they still do counts no more. */
  async #closeTools(): Promise<void> {
    const server = this.#toolServer;
    this.#toolServer = undefined;
    if (server === undefined) return;
    await server.close();
    this.#context.secrets.forget(server.token);
  }

  /** Leaves nothing of the CLI and the files. */
  async #closeProcess(): Promise<void> {
    if (this.#process === undefined) return await this.#files.remove();
    if (this.#decision === undefined) await this.#process.end();
    // Nobody reads on: what is left in the pipes is not waited for.
    await this.#process.finish();
    // What the agent left running on purpose stays where the turn is complete.
    const orphans = this.#decision === "completed" ? "keep" : "end";
    await this.#process.close({ orphans });
  }

  /** Checks, prepares and starts the CLI; gives an ending if it was stopped or cannot be. */
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

  /** Who watches the CLI, if anybody does. */
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

  /** Builds the command; throws for what is wrong with the request before it looks for the CLI. */
  async #prepare(runtime: Runtime): Promise<SpawnCommand> {
    const { options, request: given, locate, secrets } = this.#context;
    const checked = await checkRequest(runtime, options, given);
    const apiKey = await askApiKey(options.apiKey, given.signal);
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
    // The CLI boots while it has its prompt, and this takes the thread: first the prompt
    // (facts R9).
    await Promise.race([process.promptWritten, first]);
    loadParser();
    // In the same time its secrets are looked for, and it is asked for its version.
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
    // A last line that was cut short by a crash is the crash.
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

  /** Takes secrets out of an error; one that is not this package's is a defect, with what could not be done. */
  #asCodexError(error: unknown, what: string): CodexError {
    const shown = error instanceof CodexError
      ? error
      : internalError(what, error);
    return redactError(shown, (text) => this.#redact(text));
  }
}
