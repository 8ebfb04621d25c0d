/**
 * Makes HTML of a page of Markdown.
 *
 * @module
 */

import type { SearchEntry } from "./site.ts";

/** What is used of the package marked. */
export type Marked = new () => {
  use(options: { renderer: object }): void;
  parse(markdown: string): string | Promise<string>;
};

/** Makes what is used of the package github-slugger. */
export type MakeSlugger = () => { slug(text: string): string };

/** A page of the site. */
export interface RenderedPage {
  /** Its name: that of its file, without the ending. */
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

/** A heading as marked hands it over. */
interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly tokens: unknown[];
}

/** Makes HTML of a page. */
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

/** Gives the file that a page of the project becomes. */
export function siteFile(path: string): string {
  const name = path.replace(/^.*\//, "").replace(/\.md$/, "");
  return name === "README" ? "index.html" : `${name}.html`;
}

/** Gives what a link of a page is on the site: links between pages, and everything else as it is. */
export function siteLink(from: string, link: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(link)) return link;
  const { pathname, hash } = new URL(link, `file:///${from}`);
  if (pathname.endsWith(".md")) return siteFile(pathname) + hash;
  // The pictures of docs/ lie beside the pages.
  return pathname.replace(/^\/(?:docs\/)?/, "") + hash;
}

/** Lists the parts of a page: what stands below each heading. */
function listSections(
  markdown: string,
  page: string,
  file: string,
  slugger: ReturnType<MakeSlugger>,
): SearchEntry[] {
  // What begins with # in a block of code is no heading.
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

/** Takes the marks of Markdown out of a text. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*|]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
