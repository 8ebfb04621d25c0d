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
 * A {@linkcode CodexAppServer} whose turns are played, with approvals, pieces of text,
 * steering and interruption. Whatever is no turn, such as `threads` and `models()`, is
 * refused with a {@linkcode CodexRequestError}.
 */
export class FakeCodexAppServer extends CodexAppServer {
  readonly #server: PlayedServer;

  /** Makes a client; {@linkcode fakeCodexAppServer} does. */
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

  /** The turns that were asked for, in order, with what each asked. */
  get requests(): readonly PlayedRequest[] {
    return this.#server.script.requests;
  }

  /** Resumes a thread; see {@linkcode CodexAppServer.resumeThread}. One with `usageBefore` goes on from that. */
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
 * Makes a {@linkcode CodexAppServer} whose turns are played; see {@linkcode fakeCodex}.
 *
 * @param script The turns: those of {@linkcode fakeCodex}, and such as ask for leave.
 * @param options Options of the client, which are checked; only `strictEvents`,
 * `onEvent` and `onDiagnostic` have an effect.
 * @throws {CodexInputError} For an option that cannot be used.
 *
 * @example A handler that is asked, and text in pieces
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
