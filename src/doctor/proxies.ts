import { shorten } from "../util/text.ts";
import type { ProxyState } from "./report.ts";

/** The variables that name proxies and the hosts to reach without one. */
const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
  .flatMap((name) => [name, name.toLowerCase()]);

/** The longest value that is shown, in characters. */
const MAX_LENGTH = 200;

/** Lists the proxies of an environment; of each URL, shows only the scheme, the host and the port. */
export function listProxies(
  read: (name: string) => string | undefined,
): ProxyState[] {
  const seen = new Set<string>();
  return VARIABLES.flatMap((variable) => {
    const value = read(variable);
    // On Windows names are case-insensitive.
    const key = `${variable.toLowerCase()}=${value}`;
    if (!value || seen.has(key)) return [];
    seen.add(key);
    const isList = variable.toLowerCase() === "no_proxy";
    return [{
      variable,
      value: isList ? shorten(value, MAX_LENGTH) : showProxy(value),
    }];
  });
}

function showProxy(value: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const url = hasScheme ? value : `http://${value}`;
  const end = url.slice(url.indexOf("//") + 2).search(/[/?#\\]/);
  // With one of these signs unencoded in a password, part of it would be taken for the host.
  const rest = end === -1 ? "" : url.slice(url.indexOf("//") + 2 + end);
  if (!URL.canParse(url) || rest.includes("@")) return "(no URL)";
  const { protocol, hostname, port } = new URL(url);
  const host = port === "" ? hostname : `${hostname}:${port}`;
  return hasScheme ? `${protocol}//${host}` : host;
}
