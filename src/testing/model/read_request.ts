import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request.
 *
 * @param request The request, its body not yet read.
 * @returns The body as text.
 */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  request.setEncoding("utf8");
  for await (const chunk of request) chunks.push(String(chunk));
  return chunks.join("");
}

/**
 * Reads the headers of a request.
 *
 * @param request The request.
 * @returns One string for each lower-case name.
 */
export function readHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}
