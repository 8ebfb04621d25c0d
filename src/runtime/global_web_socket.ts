import type { WebSocketClass } from "./types.ts";

/** Returns the runtime's own WebSocket; `undefined` if it has none, as on Node 20. */
export function globalWebSocket(): WebSocketClass | undefined {
  if (typeof WebSocket === "undefined") return undefined;
  // The web's types do not have headers; Node, Deno and Bun accept them (facts A22).
  return WebSocket as unknown as WebSocketClass;
}
