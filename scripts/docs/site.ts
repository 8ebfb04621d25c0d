/**
 * Builds the site of the documents: `deno task docs [folder]`, by default
 * `.cache/site`. The reference comes from `deno doc`, the pages from `docs/`; a dead link is
 * an error.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { readSurface } from "../npm/surface.ts";
import { installCached } from "../npm/tools.ts";
import { say } from "../print.ts";
import { listFiles, readProjectFile, ROOT_URL } from "../project.ts";
import { runDeno } from "../run.ts";
import { deadLinks, type SiteFile } from "./dead_links.ts";
import { type MakeSlugger, type Marked, renderPage } from "./page.ts";
import { SITE_SCRIPT, SITE_STYLE, sitePage } from "./site_page.ts";

/** The packages that render Markdown, and name headings as GitHub does. */
const TOOLS = ["marked@18.2.1", "github-slugger@2.0.0"];

/** The groups of the menu with their pages; pages in no group come last. */
const MENU: Readonly<Record<string, readonly string[]>> = {
  "Get started": [
    ...["README", "login", "doctor", "sandboxes", "cancelling", "errors"],
    ...["testing"],
  ],
  "Turns": [
    ...["streaming", "structured_output", "images", "tools", "mcp", "sessions"],
    ...["models", "failures", "options"],
  ],
  "Clients": ["app_server", "blocking", "ai_sdk", "differences"],
  "Many machines": ["fleet", "threads", "tracing"],
  "Where it runs": ["deno", "platforms", "network", "security", "versions"],
};

if (import.meta.main) {
  const folder = pathToFileURL(
    `${resolve(Deno.args[0] ?? ".cache/site")}/`,
  );
  Deno.exit(await buildSite(folder) ? 0 : 1);
}

/** Builds the site into a folder; returns `false` if there is a dead link. */
export async function buildSite(folder: URL): Promise<boolean> {
  const project = await readProjectFile();
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const api = [
    ...["doc", "--quiet", "--html", `--name=${project.name}`],
    ...[`--output=${new URL("api/", folder).pathname}`],
    ...Object.values(project.exports),
  ];
  if (await runDeno(api) !== 0) return false;
  await writePages(folder, project.name);
  const files = await readSite(folder);
  const dead = deadLinks(files);
  dead.forEach((link) => say(link));
  say(`${files.length} files, ${dead.length} dead links: ${folder.pathname}`);
  return dead.length === 0;
}

/** Writes the pages, their style and the search. */
async function writePages(folder: URL, name: string): Promise<void> {
  const { marked, makeSlugger } = await loadTools();
  const paths = [
    ...["README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md"],
    "ARCHITECTURE.md",
    ...(await listFiles("docs")).filter((path) => path.endsWith(".md")),
  ];
  const pages = await Promise.all(paths.map(async (path) => {
    const text = await Deno.readTextFile(new URL(path, ROOT_URL));
    return renderPage(path, text, marked, makeSlugger);
  }));
  const menu = groupPages(pages);
  const sections = pages.flatMap(({ sections }) => sections);
  const files: Record<string, string> = {
    "site.css": SITE_STYLE,
    "site.js": SITE_SCRIPT,
    "search_index.js": `const SEARCH = ${
      JSON.stringify([...await listSymbols(), ...sections])
    };\n`,
  };
  for (const page of pages) {
    files[page.file] = sitePage({ ...page, menu, site: name });
  }
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeTextFile(new URL(file, folder), text);
  }
  await Deno.copyFile(
    new URL("docs/turn.svg", ROOT_URL),
    new URL("turn.svg", folder),
  );
}

/** Loads the packages that render pages. */
async function loadTools(): Promise<
  { marked: Marked; makeSlugger: MakeSlugger }
> {
  const modules = await installCached("docs", TOOLS);
  const load = (path: string): Promise<Record<string, unknown>> =>
    import(pathToFileURL(`${modules}/node_modules/${path}`).href);
  const { Marked } = await load("marked/lib/marked.esm.js");
  const { default: Slugger } = await load("github-slugger/index.js");
  return {
    marked: Marked as Marked,
    makeSlugger: () => new (Slugger as new () => ReturnType<MakeSlugger>)(),
  };
}

/** Puts pages into the groups of the menu. */
function groupPages<P extends { name: string }>(
  pages: readonly P[],
): [group: string, pages: P[]][] {
  const groups = Object.entries(MENU).map(([group, names]): [string, P[]] => [
    group,
    names.flatMap((name) => pages.filter((page) => page.name === name)),
  ]);
  const grouped = groups.flatMap(([, pages]) => pages);
  const rest = pages.filter((page) => !grouped.includes(page));
  return [...groups, ["More", rest]];
}

/** Lists the exported symbols, for the search. */
async function listSymbols(): Promise<SearchEntry[]> {
  const entries = await readSurface();
  return entries.flatMap(({ specifier, exports }) => {
    const entry = specifier.split("/").slice(2).join("/");
    return exports.map(({ name }) => ({
      title: name,
      page: specifier,
      link: `api/${entry === "" ? "" : `${entry}/`}~/${name}.html`,
      text: "",
    }));
  });
}

/** One entry of the search. */
export interface SearchEntry {
  /** Its title. */
  title: string;
  /** The page that it is on. */
  page: string;
  /** The link to it. */
  link: string;
  /** Its text. */
  text: string;
}

/** Reads the pages of a site, and the names of all its files. */
async function readSite(folder: URL): Promise<SiteFile[]> {
  const root = folder.pathname;
  const paths = await listFiles(root.slice(0, -1));
  return await Promise.all(paths.map(async (path): Promise<SiteFile> => ({
    path: path.slice(root.length),
    html: path.endsWith(".html") ? await Deno.readTextFile(path) : null,
  })));
}
