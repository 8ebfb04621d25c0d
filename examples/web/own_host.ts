/** Keeps the pages of other sites out. @module */

import type { MiddlewareHandler } from "hono";

/**
 * Answers a request only if it names this server as its host, which a site that has its own
 * name lead here does not, and if it comes from this server's page or from no page.
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
