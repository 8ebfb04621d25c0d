/** Rejects requests from pages of other sites. @module */

import type { MiddlewareHandler } from "hono";

/**
 * Allows a request only if its `Host` is this server's, which stops DNS rebinding, and if it
 * comes from this server's page or from no page.
 */
export function ownHostOnly(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    const origin = context.req.header("origin");
    if (!hosts.has(host)) return context.text("Unknown host", 403);
    if (origin !== undefined && origin !== `http://${host}`) {
      return context.text("Unknown origin", 403);
    }
    await next();
  };
}
