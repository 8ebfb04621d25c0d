import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { deadLinks } from "../../scripts/docs/dead_links.ts";
import { plainText, siteLink } from "../../scripts/docs/page.ts";
import { buildSite } from "../../scripts/docs/site.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("The site can be built, without dead links", async () => {
  await using folder = await tempFolder("acodex_site_");
  assertEquals(await buildSite(pathToFileURL(`${folder.path}/`)), true);
});

Deno.test("deadLinks finds links to missing files and anchors", () => {
  const page = (html: string) => ({ path: "a/page.html", html });
  const index = { path: "index.html", html: '<h1 id="top">' };
  const dead = [
    '<a href="gone.html">',
    '<img alt="" src="../gone.svg">',
    '<a href="../index.html#gone">',
    '<a href="#gone">',
  ];
  for (const link of dead) {
    assertEquals(deadLinks([page(link), index]).length, 1, link);
  }
  const alive = [
    '<a href="https://example.com/gone">',
    '<a href="../">',
    '<a href="..&#x2F;index.html#top">',
    '<a href="page.html">',
    '<b id="here"><a href="#here">',
  ];
  for (const link of alive) {
    assertEquals(deadLinks([page(link), index]), [], link);
  }
});

Deno.test("siteLink converts links between pages in any folder of the project", () => {
  for (
    const [from, link, to] of [
      ["README.md", "./docs/options.md#a", "options.html#a"],
      ["docs/options.md", "../README.md", "index.html"],
      ["docs/options.md", "./tools.md", "tools.html"],
      ["README.md", "./docs/turn.svg", "turn.svg"],
      ["README.md", "https://example.com/a.md", "https://example.com/a.md"],
      ["README.md", "#a", "#a"],
    ] as const
  ) assertEquals(siteLink(from, link), to);
});

Deno.test("plainText removes Markdown", () => {
  assertEquals(plainText("**A** [b `c`](d.md)\n| e |"), "A b c e");
});
