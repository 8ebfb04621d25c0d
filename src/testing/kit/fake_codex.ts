import { Codex } from "../../codex.ts";
import type { CodexOptions, ResumeOptions } from "../../options/options.ts";
import type { Thread } from "../../thread/thread.ts";
import { PlayedTransport } from "./play/played_transport.ts";
import type { PlayedRequest, PlayedScript } from "./play/script.ts";

/**
 * A {@linkcode Codex} whose turns are played. Only the CLI is replaced: threads and their
 * queues, limits, structured answers and errors are the real ones.
 */
export class FakeCodex extends Codex {
  readonly #transport: PlayedTransport;

  /** Creates a client; see {@linkcode fakeCodex}. */
  constructor(script: PlayedScript, options: CodexOptions = {}) {
    const isStrict = options.strictEvents ?? false;
    const transport = new PlayedTransport(script, isStrict);
    super(options, transport);
    this.#transport = transport;
  }

  /** The requested turns, in order. */
  get requests(): readonly PlayedRequest[] {
    return this.#transport.script.requests;
  }

  /** Resumes a thread; see {@linkcode Codex.resumeThread}. Its usage counts on from `usageBefore`. */
  override resumeThread(id: string, options: ResumeOptions = {}): Thread {
    const thread = super.resumeThread(id, options);
    if (thread.usage !== null) this.#transport.threads.note(id, thread.usage);
    return thread;
  }
}

/**
 * Creates a {@linkcode Codex} whose turns are played: no process, no network, no key. A
 * turn beyond the end of the script fails with an error that names it.
 *
 * @param script The turns of all threads, in the order in which they are requested; or a
 * function that returns the turn for a request: use one for turns that run concurrently.
 * @param options Options of the client. All are checked; only `strictEvents`, `onTurn`,
 * `onEvent` and `onDiagnostic` have an effect.
 * @throws {CodexInputError} For an invalid option.
 *
 * @example An answer, then a failure, then a turn that only an abort ends
 * ```ts
 * import { agentMessage, failure, fakeCodex, hang } from "@acodex/sdk/testing";
 *
 * const codex = fakeCodex([
 *   [agentMessage("Done")],
 *   failure("unauthorized"),
 *   hang(),
 * ]);
 * const thread = codex.startThread();
 * console.log((await thread.run("Fix the test")).finalResponse); // Done
 * console.log(codex.requests[0]?.prompt); // Fix the test
 * ```
 */
export function fakeCodex(
  script: PlayedScript,
  options: CodexOptions = {},
): FakeCodex {
  return new FakeCodex(script, options);
}
