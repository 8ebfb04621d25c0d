/**
 * Renders a Markdown page as HTML.
 *
 * @module
 */

import type { SearchEntry } from "./site.ts";

/** The part of the package marked that is used. */
export type Marked = new () => {
  use(options: { renderer: object }): void;
  parse(markdown: string): string | Promise<string>;
};

/** Creates a slugger of the package github-slugger. */
export type MakeSlugger = () => { slug(text: string): string };

/** A page of the site. */
export interface RenderedPage {
  /** Its name: that of its file, without the extension. */
  readonly name: string;
  /** The file that it is written to. */
  readonly file: string;
  /** Its title. */
  readonly title: string;
  /** Its text, as HTML. */
  readonly html: string;
  /** Its parts, for the search. */
  readonly sections: readonly SearchEntry[];
}

/** A heading, as marked passes it. */
interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly tokens: unknown[];
}

/** Renders a page as HTML. */
export async function renderPage(
  path: string,
  markdown: string,
  Marked: Marked,
  makeSlugger: MakeSlugger,
): Promise<RenderedPage> {
  const slugger = makeSlugger();
  const name = path.replace(/^.*\//, "").replace(/\.md$/, "");
  const file = siteFile(path);
  const marked = new Marked();
  marked.use({
    renderer: {
      heading(
        this: { parser: { parseInline(tokens: unknown[]): string } },
        { depth, text, tokens }: Heading,
      ): string {
        const id = slugger.slug(plainText(text));
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${inner}</a></h${depth}>\n`;
      },
    },
  });
  const html = (await marked.parse(markdown))
    .replace(
      /(href|src)="([^"]+)"/g,
      (_, name, link) => `${name}="${siteLink(path, link)}"`,
    )
    .replaceAll("<table>", '<div class="table"><table>')
    .replaceAll("</table>", "</table></div>");
  const [, title = name] = /^# (.+)$/m.exec(markdown) ?? [];
  return {
    ...{ name, file, title: plainText(title), html },
    sections: listSections(markdown, plainText(title), file, makeSlugger()),
  };
}

/** Returns the file on the site for a page of the project. */
export function siteFile(path: string): string {
  const name = path.replace(/^.*\//, "").replace(/\.md$/, "");
  return name === "README" ? "index.html" : `${name}.html`;
}

/** Maps a link of a page to the site; absolute links and anchors are unchanged. */
export function siteLink(from: string, link: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(link)) return link;
  const { pathname, hash } = new URL(link, `file:///${from}`);
  if (pathname.endsWith(".md")) return siteFile(pathname) + hash;
  // The pictures of docs/ are next to the pages.
  return pathname.replace(/^\/(?:docs\/)?/, "") + hash;
}

/** Lists the sections of a page, one for each heading. */
function listSections(
  markdown: string,
  page: string,
  file: string,
  slugger: ReturnType<MakeSlugger>,
): SearchEntry[] {
  // A line that begins with # in a code block is not a heading.
  const text = markdown.replace(
    /^```[^]*?^```$/gm,
    (code) => code.replace(/^#/gm, " #"),
  );
  return text.split(/^(?=#+ )/m).flatMap((part) => {
    const [, heading] = /^#+ (.+)$/m.exec(part) ?? [];
    if (heading === undefined || !part.startsWith("#")) return [];
    const title = plainText(heading);
    return [{
      ...{ title, page, link: `${file}#${slugger.slug(title)}` },
      text: plainText(part.replace(/^#.*$/m, "")).slice(0, 2000),
    }];
  });
}

/** Removes Markdown syntax from a text. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*|]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
