/** The routes of the page and its conversation. @module */

import { createUIMessageStreamResponse } from "ai";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import type { PageFiles } from "./build.ts";
import type { Conversation } from "./conversation.ts";
import { ownHostOnly } from "./own_host.ts";
import type { RunningTurn } from "./running_turn.ts";

/** The maximum size of a request, in bytes. */
const MAX_BODY = 256 * 1024;

/** The interval of keep-alive messages on a silent stream, in ms, so that proxies keep it open. */
const KEEP_ALIVE_MS = 5000;

const Message = z.object({
  id: z.string().min(1).max(100),
  text: z.string().trim().min(1),
});

const Decision = z.object({ isAllowed: z.boolean() });

/** The parts of the app. */
export interface AppOptions {
  readonly conversation: Conversation;
  /** The token that each request needs. */
  readonly token: string;
  /** The server's host names, with the port. */
  readonly hosts: ReadonlySet<string>;
  readonly page: PageFiles;
}

/** Creates the app. */
export function makeApp(
  { conversation, token, hosts, page }: AppOptions,
): Hono {
  const app = new Hono();
  app.use(ownHostOnly(hosts));
  app.use(secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "no-referrer",
  }));

  // The page contains nothing secret, so it needs no token.
  for (const [path, { type, text }] of Object.entries(page)) {
    app.get(path, (context) =>
      context.body(text, 200, {
        "content-type": type,
        "cache-control": "no-store",
      }));
  }

  app.use("/api/*", bearerAuth({ token }));
  app.use("/api/*", bodyLimit({ maxSize: MAX_BODY }));

  app.get("/api/chat", (context) => context.json(conversation.state()));

  app.post("/api/chat", async (context) => {
    const message = Message.safeParse(await readJson(context));
    if (!message.success) return context.text("Nothing was said", 400);
    const turn = conversation.begin(message.data);
    return turn === undefined
      ? context.text("Another turn runs: load the page again", 409)
      : stream(turn);
  });

  app.delete("/api/chat", async (context) => {
    await conversation.beginAnew();
    return context.body(null, 204);
  });

  app.get("/api/turns/:id", (context) => {
    const turn = conversation.find(context.req.param("id"));
    return turn === undefined ? context.body(null, 204) : stream(turn);
  });

  app.post("/api/stop", async (context) => {
    await conversation.stop();
    return context.body(null, 204);
  });

  app.post("/api/approvals/:id", async (context) => {
    const decision = Decision.safeParse(await readJson(context));
    if (!decision.success) return context.text("Nothing was decided", 400);
    const { isAllowed } = decision.data;
    return conversation.decide(context.req.param("id"), isAllowed)
      ? context.body(null, 204)
      : context.text("Nobody asks for it any more", 404);
  });

  return app;
}

/** Streams a turn from its beginning. */
function stream(turn: RunningTurn): Response {
  return createUIMessageStreamResponse({
    stream: turn.watch(),
    keepAliveMs: KEEP_ALIVE_MS,
  });
}

/** Reads a request's JSON; returns `undefined` if it is invalid. */
async function readJson(context: Context): Promise<unknown> {
  return await context.req.json().catch(() => undefined);
}
