import type { WebSocketClass } from "./types.ts";

/** Gives the runtime's own WebSocket; `undefined` where it has none, as on Node 20. */
export function globalWebSocket(): WebSocketClass | undefined {
  if (typeof WebSocket === "undefined") return undefined;
  // The web's types know no headers; Node, Deno and Bun do (facts A22).
  return WebSocket as unknown as WebSocketClass;
}
