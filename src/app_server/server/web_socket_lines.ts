import { CodexPermissionError } from "../../errors/codex_error.ts";
import { CodexConnectionError } from "../../errors/connection_errors.ts";
import type { Runtime, WebSocketLike } from "../../runtime/types.ts";
import { onAbort } from "../../util/on_abort.ts";
import type { LineSource } from "../line_source.ts";

/** Milliseconds that a server has to say it is ready: on Node 20 a request may hang if it is cut off (facts R38). */
const MAX_PROBE_MS = 2000;

/** A server to connect to by WebSocket. */
export interface WebSocketServer {
  /** The server's address. */
  readonly url: URL;
  /** The token for the server; `undefined` for none. */
  readonly token: string | undefined;
}

/**
 * Connects to a server by WebSocket, with one JSON message per text message.
 *
 * @param signal Gives up when aborted.
 * @throws {CodexPermissionError} If Deno does not allow the connection.
 * @throws {CodexConnectionError} If the server cannot be reached, or rejects the token.
 */
export async function openWebSocket(
  runtime: Runtime,
  server: WebSocketServer,
  signal: AbortSignal,
): Promise<LineSource> {
  const { url, token } = server;
  const WebSocket = await runtime.webSocket(url.host);
  let socket: WebSocketLike;
  try {
    // The server refuses requests with an `Origin`; none of the runtimes sends one (facts A22).
    socket = new WebSocket(url.href, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
  } catch (error) {
    throw permissionError(url, error) ?? await failure(server, error, signal);
  }
  const lines = readLines(socket);
  const problem = await opened(socket, signal);
  if (problem === undefined) return lines;
  lines.close();
  signal.throwIfAborted();
  throw permissionError(url, problem.error) ??
    await failure(server, problem.error, signal);
}

/** Waits until a socket is open; returns the error if it does not open. */
function opened(
  socket: WebSocketLike,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ error });
    socket.addEventListener("open", () => resolve(undefined));
    socket.addEventListener(
      "error",
      (event) => fail(event.error ?? event.message),
    );
    // Node reports a refusal by only one of the two events (facts A22).
    socket.addEventListener("close", () => fail(undefined));
    signal.addEventListener("abort", () => fail(signal.reason));
    if (signal.aborted) fail(signal.reason);
  });
}

/** Creates a source of a socket's messages from now on. */
function readLines(socket: WebSocketLike): LineSource {
  let control: ReadableStreamDefaultController<string | Uint8Array>;
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    control.error(new Error(reason));
  };
  const readable = new ReadableStream<string | Uint8Array>({
    start: (controller) => {
      control = controller;
    },
    cancel: () => {
      isOver = true;
    },
  });
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    if (isOver) return;
    if (typeof data === "string") control.enqueue(`${data}\n`);
    else end("the server sent a message that is not text");
  });
  socket.addEventListener("error", ({ message }) => {
    end(message || "the WebSocket failed");
  });
  socket.addEventListener("close", ({ code, reason }) => {
    end(
      `the WebSocket was closed (${[code, reason].filter(Boolean).join(" ")})`,
    );
  });
  return {
    readable,
    write: (line) => socket.send(line.trimEnd()),
    close: () => socket.close(),
  };
}

/** Creates the error for a runtime that does not allow the connection; `undefined` for other errors. */
function permissionError(
  { host }: URL,
  error: unknown,
): CodexPermissionError | undefined {
  if (!(error instanceof Error) || error.name !== "NotCapable") {
    return undefined;
  }
  const flag = `--allow-net=${host}`;
  return new CodexPermissionError(
    `Cannot connect to codex app-server at ${host}: Deno needs ${flag}`,
    { flag },
  );
}

/** Creates the error for a failed connection, after finding out the cause. */
async function failure(
  server: WebSocketServer,
  error: unknown,
  signal: AbortSignal,
): Promise<CodexConnectionError> {
  const { url, token } = server;
  const told = error instanceof Error ? error.message : error;
  const words = typeof told === "string" ? told : "";
  const status = /\b(?:status code|response|101 status code): ?(\d{3})\b/
    .exec(words)?.[1];
  const at = `${url.protocol}//${url.host}`;
  // Node's own error does not say why, or whether a server is there (facts A22).
  const isUntold = status === undefined &&
    (words === "" || words.includes("non-101"));
  const isRefused = status === "401" || status === "403" ||
    isUntold && await isReady(url, signal);
  if (isRefused) {
    return new CodexConnectionError(
      `codex app-server at ${at} refused the connection: ${
        token === undefined
          ? "it requires a token; set token"
          : "the server or a proxy did not accept the token"
      }`,
      {
        code: "connection_failed",
        reason: "unauthorized",
        httpStatus: status === undefined ? null : Number(status),
      },
    );
  }
  const why = isUntold ? "nothing answers there" : words;
  return new CodexConnectionError(
    `Cannot connect to codex app-server at ${at}: ${why}`,
    {
      code: "connection_failed",
      reason: "unreachable",
      httpStatus: status === undefined ? null : Number(status),
    },
  );
}

/** Asks a server that refused a connection whether it is ready. */
async function isReady(url: URL, signal: AbortSignal): Promise<boolean> {
  const probe = new URL("/readyz", url);
  probe.protocol = url.protocol === "wss:" ? "https:" : "http:";
  const late = new AbortController();
  const stop = onAbort(signal, () => late.abort());
  const timer = setTimeout(() => late.abort(), MAX_PROBE_MS);
  try {
    const response = await fetch(probe, {
      signal: late.signal,
      redirect: "manual",
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
