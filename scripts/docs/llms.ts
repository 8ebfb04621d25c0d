/**
 * Writes llms.txt, the list of pages for models: `deno run --allow-read --allow-write
 * scripts/docs/llms.ts`.
 *
 * @module
 */

import { listFiles, readProjectFile, ROOT_URL } from "../project.ts";

/** The file's path, relative to the root. */
export const LLMS_FILE = "llms.txt";

if (import.meta.main) {
  await Deno.writeTextFile(new URL(LLMS_FILE, ROOT_URL), await writeLlms());
}

/** Writes the list: each page with its title and first sentence. */
export async function writeLlms(): Promise<string> {
  const { name, description } = await readProjectFile();
  const pages = (await listFiles("docs")).filter((path) =>
    path.endsWith(".md")
  );
  const lines = await Promise.all(
    ["README.md", "skills/acodex/SKILL.md", ...pages].map(async (path) => {
      const text = await Deno.readTextFile(new URL(path, ROOT_URL));
      const [, title = path] = /^# (.+)$/m.exec(text) ?? [];
      return `- [${title}](${path}): ${firstSentence(text)}`;
    }),
  );
  return `# ${name}\n\n> ${description}\n\n## Pages\n\n${lines.join("\n")}\n`;
}

/** Returns the first sentence of a page's text. */
export function firstSentence(page: string): string {
  const paragraphs = page.replace(/^---\n[^]*?\n---\n/, "")
    .replace(/<!--[^]*?-->/g, "")
    .split(/\n{2,}/)
    .filter((each) => /^[\p{L}`[*]/u.test(each));
  const text = (paragraphs[0] ?? "").replaceAll("\n", " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
