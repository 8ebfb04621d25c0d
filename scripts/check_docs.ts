/**
 * Computes the part of the JSR score that the repository decides, from its
 * documentation: `deno run --allow-all scripts/check_docs.ts`. The rest is set
 * on JSR (description, runtimes), by the publish workflow (provenance), or
 * checked by `deno publish --dry-run` (no slow types).
 *
 * @module
 */

import { say } from "./print.ts";
import { exists, readProjectFile, ROOT_URL } from "./project.ts";
import { captureDeno } from "./run.ts";

/** JSR gives all points for documented symbols from this share on. */
const WANTED_SHARE = 0.8;

/** One line of the score. */
interface Score {
  what: string;
  points: number;
  of: number;
}

/** What is read of `deno doc --json`, format 2. */
interface Documentation {
  nodes: Record<string, DocumentedModule>;
}

/** One entry of the package. */
interface DocumentedModule {
  module_doc?: JsDoc;
  symbols?: { name: string; declarations: Declaration[] }[];
}

/** One declaration of a symbol; overloads have several. */
interface Declaration {
  declarationKind: string;
  kind: string;
  jsDoc?: JsDoc;
  def?: { hasBody?: boolean };
}

/** A doc comment. */
interface JsDoc {
  doc?: string;
  tags?: { kind: string; doc?: string }[];
}

if (import.meta.main) Deno.exit(await checkDocs({}) ? 0 : 1);

/** Prints the score, and tells whether it is full. */
export async function checkDocs(
  env: Record<string, string> = {},
): Promise<boolean> {
  const project = await readProjectFile();
  const entries = Object.values(project.exports);
  const { success, stdout, stderr } = await captureDeno([
    "doc",
    "--json",
    ...entries,
  ], env);
  if (!success) {
    throw new Error(`Cannot read the documentation: ${stderr.trim()}`);
  }

  const { nodes }: Documentation = JSON.parse(stdout);
  const mainUrl = new URL(project.exports["."] ?? "", ROOT_URL).href;
  const readme = await exists("README.md")
    ? await Deno.readTextFile(new URL("README.md", ROOT_URL))
    : undefined;
  const scores = score(nodes, mainUrl, readme);
  for (const { what, points, of } of scores) say(`  ${points}/${of} ${what}`);
  return scores.every(({ points, of }) => points === of);
}

/** Computes the score as JSR does. */
export function score(
  nodes: Documentation["nodes"],
  mainUrl: string,
  readme: string | undefined,
): Score[] {
  const main = nodes[mainUrl];
  const hasExample = holdsCode(readme) || holdsCode(main?.module_doc?.doc) ||
    main?.module_doc?.tags?.some((tag) => tag.kind === "example") === true;
  const bare = Object.entries(nodes).filter(([url, { module_doc }]) =>
    module_doc === undefined && !(url === mainUrl && readme !== undefined)
  );
  const symbols = Object.values(nodes).flatMap(publicSymbols);
  const undocumented = symbols.filter(({ isDocumented }) => !isDocumented);
  const share = symbols.length === 0
    ? 0
    : 1 - undocumented.length / symbols.length;
  return [
    {
      what: "README.md or a module doc",
      points: readme !== undefined || main?.module_doc !== undefined ? 2 : 0,
      of: 2,
    },
    { what: "an example in it", points: hasExample ? 1 : 0, of: 1 },
    {
      what: `a module doc on every entry${listed(bare.map(([url]) => url))}`,
      points: bare.length === 0 ? 1 : 0,
      of: 1,
    },
    {
      what: `documented symbols: ${
        symbols.length - undocumented.length
      } of ${symbols.length}${listed(undocumented.map(({ name }) => name))}`,
      points: Math.floor(Math.min(share / WANTED_SHARE, 1) * 5),
      of: 5,
    },
  ];
}

/**
 * The declarations of an entry that JSR counts: each overload of a function, and
 * not what implements them. A name that another entry exports first counts here
 * as well, and as undocumented.
 */
function publicSymbols(
  module: DocumentedModule,
): { name: string; isDocumented: boolean }[] {
  return (module.symbols ?? []).flatMap(({ name, declarations }) => {
    const own = declarations.filter(({ declarationKind }) =>
      declarationKind !== "private"
    );
    const isOverloaded = own.length > 1 &&
      own.every(({ kind }) => kind === "function");
    return own
      .filter(({ def }) => !(isOverloaded && def?.hasBody))
      .map(({ kind, jsDoc }) => ({
        name: kind === "reference" ? `${name}, a second time` : name,
        isDocumented: jsDoc !== undefined,
      }));
  });
}

/** Tells whether a Markdown text holds a code block. */
function holdsCode(text: string | undefined): boolean {
  return /^\s*```/m.test(text ?? "");
}

/** The names of what is missing, for the end of a line. */
function listed(names: string[]): string {
  return names.length === 0 ? "" : ` (missing: ${names.join(", ")})`;
}
