import { Codex } from "../../codex.ts";
import type { CodexOptions, ResumeOptions } from "../../options/options.ts";
import type { Thread } from "../../thread/thread.ts";
import { PlayedTransport } from "./play/played_transport.ts";
import type { PlayedRequest, PlayedScript } from "./play/script.ts";

/**
 * A {@linkcode Codex} whose turns are played. All but the CLI is the product's own:
 * threads and their queues, limits, structured answers and errors.
 */
export class FakeCodex extends Codex {
  readonly #transport: PlayedTransport;

  /** Makes a client; {@linkcode fakeCodex} does. */
  constructor(script: PlayedScript, options: CodexOptions = {}) {
    const isStrict = options.strictEvents ?? false;
    const transport = new PlayedTransport(script, isStrict);
    super(options, transport);
    this.#transport = transport;
  }

  /** The turns that were asked for, in order, with what each asked. */
  get requests(): readonly PlayedRequest[] {
    return this.#transport.script.requests;
  }

  /** Resumes a thread; see {@linkcode Codex.resumeThread}. One with `usageBefore` goes on from that. */
  override resumeThread(id: string, options: ResumeOptions = {}): Thread {
    const thread = super.resumeThread(id, options);
    if (thread.usage !== null) this.#transport.threads.note(id, thread.usage);
    return thread;
  }
}

/**
 * Makes a {@linkcode Codex} whose turns are played: no process, no network, no key. A
 * turn beyond the end of the script fails with an error that says which it was.
 *
 * @param script The turns, in the order in which they are asked for, over all threads; or
 * a function that gives the turn for a request, which is what turns that run at the same
 * time want.
 * @param options Options of the client, which are checked; only `strictEvents`,
 * `onEvent` and `onDiagnostic` have an effect.
 * @throws {CodexInputError} For an option that cannot be used.
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
