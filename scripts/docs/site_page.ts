/**
 * The layout, style and script of the site's pages.
 *
 * @module
 */

import type { RenderedPage } from "./page.ts";

/** A page with the site's name and menu. */
interface SitePage extends RenderedPage {
  /** The name of the site. */
  readonly site: string;
  /** The menu: groups of pages. */
  readonly menu: readonly (readonly [
    group: string,
    pages: readonly RenderedPage[],
  ])[];
}

/** Writes a page. */
export function sitePage({ title, html, file, site, menu }: SitePage): string {
  const groups = menu.map(([group, pages]) =>
    `<h2>${group}</h2>\n<ul>\n${
      pages.map((page) =>
        `<li><a href="${page.file}"${
          page.file === file ? ' aria-current="page"' : ""
        }>${escapeHtml(shortTitle(page.title))}</a></li>`
      ).join("\n")
    }\n</ul>`
  ).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · ${site}</title>
<link rel="stylesheet" href="site.css">
</head>
<body>
<header>
<a class="name" href="index.html">${site}</a>
<div class="search"><input type="search" id="search" placeholder="Search" aria-label="Search" autocomplete="off"><ol id="found" hidden></ol></div>
<a href="api/index.html">Reference</a>
</header>
<div class="columns">
<nav aria-label="Pages"><details id="menu"><summary>Pages</summary>
${groups}
</details></nav>
<main>
${html}</main>
</div>
<script src="search_index.js"></script>
<script src="api/fuse.js"></script>
<script src="site.js"></script>
</body>
</html>
`;
}

/** Returns the part of a title before the colon, as menus are narrow. */
function shortTitle(title: string): string {
  return title.split(":")[0] ?? title;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The style of all pages. */
export const SITE_STYLE = `:root {
  --text: #1d2433; --soft: #596378; --line: #dfe3ea; --back: #ffffff;
  --code: #f3f5f9; --link: #1f5fbf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #dde3f0; --soft: #98a2b8; --line: #2d3446; --back: #14171f;
    --code: #1e2330; --link: #7fb0ff;
  }
}
* { box-sizing: border-box }
html { scroll-padding-top: 4.5rem }
body {
  margin: 0; color: var(--text); background: var(--back);
  font: 16px/1.6 system-ui, sans-serif;
}
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
header {
  position: sticky; top: 0; z-index: 1; display: flex; gap: 1rem;
  align-items: center; padding: .7rem 1.2rem; background: var(--back);
  border-bottom: 1px solid var(--line);
}
header .name { font-weight: 600; color: var(--text) }
.search { position: relative; flex: 1; max-width: 26rem; margin-left: auto }
.search input {
  width: 100%; padding: .35rem .7rem; font: inherit; color: inherit;
  background: var(--code); border: 1px solid var(--line); border-radius: 6px;
}
#found {
  position: absolute; right: 0; left: 0; max-height: 70vh; margin: .3rem 0 0;
  padding: .3rem 0; overflow: auto; list-style: none; background: var(--back);
  border: 1px solid var(--line); border-radius: 6px;
  box-shadow: 0 6px 24px #0003;
}
#found a { display: block; padding: .3rem .8rem; color: inherit }
#found a:hover, #found a:focus { background: var(--code) }
#found small { display: block; color: var(--soft) }
.columns { display: flex; max-width: 78rem; margin: 0 auto }
nav {
  position: sticky; top: 3.6rem; flex: 0 0 15rem; align-self: start;
  max-height: calc(100vh - 3.6rem); padding: 1.2rem; overflow: auto;
  font-size: .92rem;
}
nav summary { display: none }
nav h2 { margin: 1rem 0 .2rem; font-size: .8rem; color: var(--soft) }
nav ul { margin: 0; padding: 0; list-style: none }
nav a { display: block; padding: .12rem 0; color: inherit }
nav a[aria-current] { font-weight: 600; color: var(--link) }
main { flex: 1; min-width: 0; padding: 1.2rem 1.6rem 4rem; max-width: 56rem }
main h1 { font-size: 1.9rem; line-height: 1.25 }
main h2 { margin-top: 2.2rem; padding-top: .6rem; border-top: 1px solid var(--line) }
main img { max-width: 100%; height: auto }
.anchor { color: inherit }
pre, code { font: 14px/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { padding: .1em .3em; background: var(--code); border-radius: 4px }
pre { padding: .9rem 1rem; overflow: auto; background: var(--code); border-radius: 8px }
pre code { padding: 0; background: none }
.table { overflow-x: auto }
table { border-collapse: collapse; font-size: .93rem }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border: 1px solid var(--line) }
td code { overflow-wrap: anywhere }
@media (max-width: 52rem) {
  .columns { display: block }
  nav { position: static; max-height: none; padding: .8rem 1.2rem 0 }
  nav summary { display: list-item; cursor: pointer }
  main { padding: .6rem 1.2rem 3rem }
}
`;

/** The script of all pages: the search, and the menu, which is open if there is room for it. */
export const SITE_SCRIPT = `"use strict";
const menu = document.getElementById("menu");
const isWide = matchMedia("(min-width: 52.01rem)");
const openMenu = () => { menu.open = isWide.matches; };
isWide.addEventListener("change", openMenu);
openMenu();

const input = document.getElementById("search");
const found = document.getElementById("found");
const fuse = new Fuse(SEARCH, {
  keys: [{ name: "title", weight: 4 }, { name: "text", weight: 1 }],
  threshold: 0.25, ignoreLocation: true, minMatchCharLength: 2,
});
input.addEventListener("input", () => {
  const results = fuse.search(input.value.trim(), { limit: 12 });
  found.replaceChildren(...results.map(({ item }) => {
    const link = document.createElement("a");
    link.href = item.link;
    const page = document.createElement("small");
    page.textContent = item.page;
    link.append(item.title, page);
    const entry = document.createElement("li");
    entry.append(link);
    return entry;
  }));
  found.hidden = results.length === 0;
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape") found.hidden = true;
  if (event.key === "Enter") found.querySelector("a")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === input) return;
  event.preventDefault();
  input.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) found.hidden = true;
});
`;
