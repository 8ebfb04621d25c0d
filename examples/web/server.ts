/**
 * A web page to talk with the agent in a folder: text as it is written, commands with their
 * output, approval buttons, and a stop button. All tabs show one conversation. A reload or a
 * second tab shows the running turn. Closing a tab changes nothing; ten seconds after the
 * last one is closed, the turn is ended.
 *
 * Run `npm install` in this folder, then in the folder to work in, a Git repository:
 *
 * ```sh
 * node path/to/examples/web/server.ts    # Node 24, or: bun …, deno run -A …
 * ```
 *
 * Then open the address that it prints. It can be reached only from this machine and used
 * only with the token in the address. Ctrl-C ends everything.
 *
 * - `app.ts` has the routes, with Hono; `own_host.ts` rejects other sites' pages.
 * - `conversation.ts` and `running_turn.ts` keep the messages and the running turn.
 * - `page/` is the page, with `useChat`; `build.ts` bundles it at the start.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexAppServer } from "@acodex/sdk/app-server";
import { serve } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { makeApp } from "./app.ts";
import { buildPage } from "./build.ts";
import { Conversation } from "./conversation.ts";

const codex = new CodexAppServer();
const conversation = new Conversation(codex);
const token = crypto.randomUUID();
const hosts = new Set<string>();
const app = makeApp({ conversation, token, hosts, page: await buildPage() });

const server = serve(
  { fetch: app.fetch, hostname: "127.0.0.1", port: 0 },
  ({ port }: AddressInfo) => {
    hosts.add(`127.0.0.1:${port}`).add(`localhost:${port}`);
    // After "#", the browser does not send it, so it is in no log.
    console.log(`http://127.0.0.1:${port}/#${token}`);
  },
);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    server.close();
    try {
      await conversation.stop();
      await codex.close();
    } finally {
      process.exit();
    }
  });
}
