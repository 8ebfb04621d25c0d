/**
 * Checks that docs/errors.md matches its table, and that the classes link to it.
 */
import { assert, assertEquals } from "@std/assert";
import { ERROR_CODES } from "../../scripts/docs/error_codes.ts";
import { ERROR_PAGE, writeErrorPage } from "../../scripts/docs/error_page.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";

const read = (path: string): Promise<string> =>
  Deno.readTextFile(new URL(path, ROOT_URL));

/** Splits a page into words, because it was formatted after it was written. */
const splitIntoWords = (page: string): string[] => page.split(/\s+/);

Deno.test("docs/errors.md matches the table of codes", async () => {
  assertEquals(
    splitIntoWords(await read(ERROR_PAGE)),
    splitIntoWords(writeErrorPage()),
  );
});

Deno.test("The doc comment of each error class links to its codes", async () => {
  const sources = await Promise.all((await listFiles("src/errors")).map(read));
  const comments = new Map(
    sources.flatMap((source) => [
      ...source.matchAll(
        /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class (\w+)/g,
      ),
    ]).map(([, comment = "", name = ""]) => [name, comment]),
  );
  for (const [code, { of }] of Object.entries(ERROR_CODES)) {
    const comment = comments.get(of);
    assert(comment !== undefined, `${of} is no class of src/errors`);
    assert(
      new RegExp(`docs/errors\\.md#${code}\\b`).test(comment),
      `${of} does not lead to ${code}`,
    );
  }
});
