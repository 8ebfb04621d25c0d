import type { AgentTurn } from "./agent_client.ts";
import { toUIMessageStream, type UIStreamOptions } from "./ui_stream.ts";
import { serverSentEvents, sseMessage } from "../util/server_sent_events.ts";

/** Options of {@linkcode toUIMessageResponse}. */
export interface UIResponseOptions extends UIStreamOptions {
  /** Headers to add. */
  readonly headers?:
    | Headers
    | { readonly [name: string]: string }
    | readonly (readonly [name: string, value: string])[]
    | undefined;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
  "x-vercel-ai-ui-message-stream": "v1",
};

/**
 * Creates the response to a request of `useChat` or one of its relatives, from a streamed
 * turn. If the client disconnects, the turn ends.
 *
 * @param turn The turn, from `runStreamed()`.
 *
 * @example A route, as in Next.js
 * ```ts
 * import { Codex } from "@acodex/sdk";
 * import { readUIMessages, toUIMessageResponse } from "@acodex/sdk/ai";
 *
 * const codex = new Codex();
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = await request.json();
 *   const { input, threadId } = readUIMessages(messages);
 *   const thread = threadId === undefined
 *     ? codex.startThread({ sandboxMode: "read-only" })
 *     : codex.resumeThread(threadId, { sandboxMode: "read-only" });
 *   return toUIMessageResponse(
 *     await thread.runStreamed(input, { signal: request.signal }),
 *   );
 * }
 * ```
 */
export function toUIMessageResponse(
  turn: AgentTurn,
  options: UIResponseOptions = {},
): Response {
  const { headers: more = {}, ...own } = options;
  const headers = new Headers(HEADERS);
  const given = new Headers(more as Headers);
  given.forEach((value, name) => headers.set(name, value));
  const body = serverSentEvents(
    toUIMessageStream(turn, own),
    (chunk) => sseMessage(chunk),
    "data: [DONE]\n\n",
  );
  return new Response(body, { headers });
}
