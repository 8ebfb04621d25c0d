import { CodexAppServer } from "../../app_server/codex_app_server.ts";
import type {
  CodexAppServerOptions,
  ServerThreadOptions,
} from "../../app_server/options.ts";
import type { ServerThread } from "../../app_server/server_thread.ts";
import type { OpenTransport } from "../../app_server/transport.ts";
import type { ResumeOptions } from "../../options/options.ts";
import type { PlayedServerTurn } from "./play/approval.ts";
import { PlayedServer, PlayedServerTransport } from "./play/played_server.ts";
import type { PlayedRequest, PlayedScript } from "./play/script.ts";

/**
 * A {@linkcode CodexAppServer} whose turns are played, with approvals, deltas, steering
 * and interruption. Requests other than turns, such as `threads` and `models()`, fail with
 * a {@linkcode CodexRequestError}.
 */
export class FakeCodexAppServer extends CodexAppServer {
  readonly #server: PlayedServer;

  /** Creates a client; see {@linkcode fakeCodexAppServer}. */
  constructor(
    script: PlayedScript<PlayedServerTurn>,
    options: CodexAppServerOptions = {},
  ) {
    const server = new PlayedServer(script, options);
    const open = (
      live: ConstructorParameters<typeof PlayedServerTransport>[1],
    ) => new PlayedServerTransport(server, live);
    super(options, { server, open: open as OpenTransport });
    this.#server = server;
  }

  /** The requested turns, in order. */
  get requests(): readonly PlayedRequest[] {
    return this.#server.script.requests;
  }

  /**
   * Resumes a thread; see {@linkcode CodexAppServer.resumeThread}. Its usage counts on from
   * `usageBefore`.
   */
  override resumeThread(
    id: string,
    options: ServerThreadOptions & ResumeOptions = {},
  ): ServerThread {
    const thread = super.resumeThread(id, options);
    if (thread.usage !== null) this.#server.threads.note(id, thread.usage);
    return thread;
  }
}

/**
 * Creates a {@linkcode CodexAppServer} whose turns are played; see {@linkcode fakeCodex}.
 *
 * @param script The turns, as for {@linkcode fakeCodex}; they may also ask for approval.
 * @param options Options of the client. All are checked; only `strictEvents`, `onTurn`,
 * `onEvent` and `onDiagnostic` have an effect.
 * @throws {CodexInputError} For an invalid option.
 *
 * @example A handler that is asked, and text as deltas
 * ```ts
 * import {
 *   agentMessage,
 *   commandExecution,
 *   fakeCodexAppServer,
 *   needsApproval,
 *   written,
 * } from "@acodex/sdk/testing";
 *
 * const codex = fakeCodexAppServer([[
 *   needsApproval(commandExecution({ command: "npm publish" })),
 *   written(agentMessage("It is out")),
 * ]]);
 * const thread = codex.startThread({ onApproval: () => "accept" });
 * const streamed = await thread.runStreamed("Publish", { deltas: true });
 * for await (const event of streamed) {
 *   if (event.type === "item.delta") console.log(event.delta); // "It", " is", " out"
 * }
 * ```
 */
export function fakeCodexAppServer(
  script: PlayedScript<PlayedServerTurn>,
  options: CodexAppServerOptions = {},
): FakeCodexAppServer {
  return new FakeCodexAppServer(script, options);
}
