import { locateCodex } from "../cli/locate/locate.ts";
import type { LocatedCodex } from "../cli/locate/search.ts";
import { KnownSecrets } from "../cli/known_secrets.ts";
import type { CodexOptions } from "../options/options.ts";
import { currentRuntime } from "../runtime/current.ts";
import { entryModule } from "../runtime/entry_module.ts";
import type { TurnEnding } from "../transport/ending.ts";
import type { TurnExplanation } from "../transport/explanation.ts";
import type {
  Transport,
  TurnBatch,
  TurnRequest,
  UnrunRequest,
} from "../transport/transport.ts";
import { copyAgain } from "./copy_again.ts";
import { ExecTurn, type ExecTurnContext } from "./exec_turn.ts";
import { explainTurn } from "./explain_turn.ts";

/** `codex exec`: one process per turn, with JSON lines on its stdout. */
export class ExecTransport implements Transport {
  readonly #options: CodexOptions;
  readonly #programFile: string | null;
  #located: Promise<LocatedCodex> | undefined;
  readonly #secrets: KnownSecrets;

  /**
   * Creates a transport; it looks for the CLI on the first turn.
   *
   * @param programFile The program's entry module; by default this thread's. `null` if
   * there is none.
   */
  constructor(
    options: CodexOptions,
    programFile: string | null = entryModule() ?? null,
  ) {
    this.#options = options;
    this.#secrets = new KnownSecrets(options);
    this.#programFile = programFile;
  }

  /** Runs a turn; see {@linkcode Transport.runTurn}. */
  runTurn(
    request: TurnRequest,
  ): AsyncGenerator<TurnBatch, TurnEnding, void> {
    let hasNoted = false;
    const context: ExecTurnContext = {
      request,
      options: this.#options,
      locate: () => this.#locate(),
      forgetLocated: () => this.#located = undefined,
      secrets: this.#secrets,
      redactor: () => {
        if (!hasNoted) this.#secrets.note();
        hasNoted = true;
        return this.#secrets.redactor;
      },
    };
    return copyAgain(
      request,
      (isAgain) => new ExecTurn({ ...context, isAgain }).run(),
    );
  }

  /** Removes secrets from a text; see {@linkcode Transport.redact}. */
  redact(text: string): string {
    return this.#secrets.redactor.clean(text);
  }

  /** Describes what a turn would start; see {@linkcode Transport.explain}. */
  async explain(request: UnrunRequest): Promise<TurnExplanation> {
    this.#secrets.note();
    return await explainTurn(currentRuntime(), {
      request,
      options: this.#options,
      locate: () => this.#locate(),
      redactor: () => this.#secrets.redactor,
    });
  }

  /** Finds the CLI once for many turns. */
  #locate(): Promise<LocatedCodex> {
    this.#located ??= locateCodex(
      currentRuntime(),
      this.#options.codexPathOverride,
      this.#programFile,
    );
    return this.#located;
  }
}
