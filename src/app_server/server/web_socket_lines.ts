import { CodexPermissionError } from "../../errors/codex_error.ts";
import { CodexConnectionError } from "../../errors/connection_errors.ts";
import type {
  Runtime,
  WebSocketClass,
  WebSocketLike,
} from "../../runtime/types.ts";
import { onAbort } from "../../util/on_abort.ts";
import { isError } from "../../util/realms.ts";
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
  const { url } = server;
  const WebSocket = await runtime.webSocket(url.host);
  const first = await connect(WebSocket, server, signal);
  if (first.lines !== undefined) return first.lines;
  // Node's own error does not say why, or whether a server is there (facts A22).
  if (!isUntold(first.error) || !await isReady(url, signal)) {
    throw permissionError(url, first.error) ?? failure(server, first.error);
  }
  // A server that is ready rejected the connection, or was about to be ready: only a second
  // attempt tells the two apart.
  const second = await connect(WebSocket, server, signal);
  if (second.lines !== undefined) return second.lines;
  throw isUntold(second.error)
    ? rejection(server, undefined)
    : failure(server, second.error);
}

/** A connection's lines, or the error of an attempt to connect. */
type Attempt =
  | { readonly lines: LineSource }
  | { readonly lines?: undefined; readonly error: unknown };

/** Attempts to connect; throws the signal's reason if it is aborted. */
async function connect(
  WebSocket: WebSocketClass,
  { url, token }: WebSocketServer,
  signal: AbortSignal,
): Promise<Attempt> {
  let socket: WebSocketLike;
  try {
    // The server refuses requests with an `Origin`; none of the runtimes sends one (facts A22).
    socket = new WebSocket(url.href, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
  } catch (error) {
    return { error };
  }
  const lines = readLines(socket);
  const problem = await opened(socket, signal);
  if (problem === undefined) return { lines };
  lines.close();
  signal.throwIfAborted();
  return problem;
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

/** Creates the error for a failed connection. */
function failure(
  server: WebSocketServer,
  error: unknown,
): CodexConnectionError {
  const status = httpStatus(error);
  if (status === 401 || status === 403) return rejection(server, status);
  const why = isUntold(error) ? "nothing answers there" : errorText(error);
  return new CodexConnectionError(
    `Cannot connect to codex app-server at ${address(server)}: ${why}`,
    {
      code: "connection_failed",
      reason: "unreachable",
      httpStatus: status ?? null,
    },
  );
}

/** Creates the error for a connection that the server rejected. */
function rejection(
  server: WebSocketServer,
  status: number | undefined,
): CodexConnectionError {
  return new CodexConnectionError(
    `codex app-server at ${address(server)} refused the connection: ${
      server.token === undefined
        ? "it requires a token; set token"
        : "the server or a proxy did not accept the token"
    }`,
    {
      code: "connection_failed",
      reason: "unauthorized",
      httpStatus: status ?? null,
    },
  );
}

function address({ url }: WebSocketServer): string {
  return `${url.protocol}//${url.host}`;
}

/** Reads the HTTP status that a WebSocket's error names; `undefined` if it names none. */
function httpStatus(error: unknown): number | undefined {
  const status = /\b(?:status code|response|101 status code): ?(\d{3})\b/
    .exec(errorText(error))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Tells whether a WebSocket's error says nothing about its cause. */
function isUntold(error: unknown): boolean {
  const text = errorText(error);
  return httpStatus(error) === undefined &&
    (text === "" || text.includes("non-101"));
}

function errorText(error: unknown): string {
  const told = isError(error) ? error.message : error;
  return typeof told === "string" ? told : "";
}

/** Asks a server whether it is ready. */
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
