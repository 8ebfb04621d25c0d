/**
 * Finds dead links.
 *
 * @module
 */

/** A file of a site. */
export interface SiteFile {
  /** Its path on the site. */
  readonly path: string;
  /** Its text, for a page. */
  readonly html: string | null;
}

/** Lists the links of a site's pages to files and anchors that do not exist. */
export function deadLinks(files: readonly SiteFile[]): string[] {
  const pages = new Map(files.map(({ path, html }) => [path, html]));
  const anchors = new Map(
    files.map(({ path, html }) => [path, html === null ? [] : idsIn(html)]),
  );
  const dead: string[] = [];
  for (const { path, html } of files) {
    if (html === null) continue;
    for (const link of linksIn(html)) {
      if (/^[a-z]+:|^\/\//.test(link)) continue;
      const { pathname, hash } = new URL(link, `file:///${path}`);
      const decoded = decodeURIComponent(pathname.slice(1));
      const target = decoded === "" || decoded.endsWith("/")
        ? `${decoded}index.html`
        : decoded;
      const anchor = decodeURIComponent(hash.slice(1));
      if (!pages.has(target)) dead.push(`${path}: ${link}`);
      else if (anchor !== "" && !anchors.get(target)?.includes(anchor)) {
        dead.push(`${path}: ${link}: no such place`);
      }
    }
  }
  return [...new Set(dead)];
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/<[^>]+?\s(?:href|src)="([^"]*)"/g)]
    .map(([, link = ""]) => decodeEntities(link));
}

function idsIn(html: string): string[] {
  return [...html.matchAll(/\s(?:id|name)="([^"]*)"/g)]
    .map(([, id = ""]) => decodeEntities(id));
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"' },
};

/** Decodes the value of an attribute. */
function decodeEntities(value: string): string {
  return value.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex, decimal, name) =>
      hex || decimal
        ? String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10))
        : ENTITIES[name] ?? whole,
  );
}
