import type { AgentTurn } from "./agent_client.ts";
import { toUIMessageStream, type UIStreamOptions } from "./ui_stream.ts";
import type { UIMessageChunk } from "./ui_types.ts";

/** Options of {@linkcode toUIMessageResponse}. */
export interface UIResponseOptions extends UIStreamOptions {
  /** Headers to add. */
  readonly headers?:
    | Headers
    | { readonly [name: string]: string }
    | readonly (readonly [name: string, value: string])[];
}

/**
 * The time between signs of life, in ms: proxies end a connection that is silent, and
 * servers notice that a client has left when they write.
 */
const HEARTBEAT_MS = 10_000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
  "x-vercel-ai-ui-message-stream": "v1",
};

/**
 * Answers a request of `useChat` or a relative with a streamed turn. A client that leaves
 * ends the turn.
 *
 * @param turn The turn, of `runStreamed()`.
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
  return new Response(encode(toUIMessageStream(turn, own)), { headers });
}

/** Writes chunks as server-sent events, with signs of life between them. */
function encode(
  chunks: ReadableStream<UIMessageChunk>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = chunks.getReader();
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isAskedFor = false;
  const stop = (): void => clearInterval(timer);
  const start = (controller: ReadableStreamDefaultController): void => {
    timer ??= setInterval(() => {
      // Only to a client that waits: one that does not read needs no sign.
      if (!isAskedFor || controller.desiredSize !== 0) return;
      controller.enqueue(encoder.encode(": alive\n\n"));
    }, HEARTBEAT_MS);
  };
  return new ReadableStream({
    async pull(controller): Promise<void> {
      start(controller);
      isAskedFor = true;
      try {
        const { done, value } = await reader.read();
        const data = done ? "[DONE]" : JSON.stringify(value);
        controller.enqueue(encoder.encode(`data: ${data}\n\n`));
        if (!done) return;
        stop();
        controller.close();
      } catch (error) {
        stop();
        throw error;
      } finally {
        isAskedFor = false;
      }
    },
    async cancel(reason): Promise<void> {
      stop();
      await reader.cancel(reason);
    },
    // Nothing starts before somebody reads.
  }, { highWaterMark: 0 });
}
