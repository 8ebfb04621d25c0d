/**
 * Runs the code of README.md and of docs/ unchanged with the real CLI and a scripted
 * model, which is named in the CLI's configuration: README.md on the oldest Node, on
 * Bun and on Deno, the other pages on Deno.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  listSnippets,
  type Snippet,
  type SnippetFiles,
  writeSnippets,
} from "../../scripts/conformance/snippets.ts";
import {
  describeNode,
  installRuntime,
  type Runtime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { OLDEST_NODES } from "../../scripts/npm/package_json.ts";
import { listFiles, ROOT_URL } from "../../scripts/project.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { PNG } from "../input/images.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import { assertNothingRuns } from "../support/real_codex.ts";
import { completedTurn } from "../support/fake_codex.ts";
import { MINUTE_MS } from "../../src/testing/waiting.ts";
import { tempFolder } from "../support/temp_folder.ts";

/**
 * The pages whose code is run. docs/ai_sdk.md has its own tests, because it needs
 * packages.
 */
const PAGES = [
  "README.md",
  ...(await listFiles("docs")).filter((path) =>
    path.endsWith(".md") && path !== "docs/ai_sdk.md"
  ),
];

/**
 * Snippets that are only compiled, because they need something that the tests do not
 * have.
 */
const NOT_RUN: readonly string[] = [
  "docs/options.md, In CI, 1", // the real service: no settings are read
  "docs/app_server.md, A server elsewhere, 1", // a server elsewhere
];

/** A code block of a page. */
interface PageSnippet extends Snippet {
  /** Its page. */
  readonly page: string;
}

const SNIPPETS = (await Promise.all(PAGES.map(readSnippets))).flat();

/** Lists the snippets of a page that are run. */
async function readSnippets(page: string): Promise<PageSnippet[]> {
  const text = await Deno.readTextFile(new URL(page, ROOT_URL));
  return listSnippets(text)
    .map((snippet) => ({ ...snippet, page }))
    .filter(({ name }) => !NOT_RUN.includes(`${page}, ${name}`));
}

/** The URL in the snippet that fetches an image. */
const IMAGE_URL = "http://localhost:8000/shot";

/** The answers to snippets with an output type, by one of its properties. */
const ANSWERS: Record<string, unknown> = {
  comments: { verdict: "approve", comments: [{ file: "a.ts", line: 1 }] },
  verdict: { verdict: "yes", reason: null },
  steps: { steps: [{ title: "Begin", file: null, risk: null }] },
};

/** The output of snippets whose page explains it. */
const PRINTED: Record<string, string> = {
  "docs/models.md, Tokens, 1": "10 10\n20\n",
};

const RUNS_ON: Runtime[] = [
  describeNode(`node${OLDEST_NODES[0]}`, OLDEST_NODES[0]),
  ...RUNTIMES.filter(({ name }) => name === "bun" || name === "deno"),
];

let written: Promise<SnippetFiles> | undefined;

/** Runs a snippet; asserts that it exits with 0 and prints nothing on stderr. */
async function runSnippet(
  runtime: Runtime,
  index: number,
  snippet: PageSnippet,
): Promise<void> {
  const { sources, bundle } = await (written ??= prepare());
  await using stack = new AsyncDisposableStack();
  const model = stack.use(
    await ScriptedModel.start(({ text }) => {
      const found = Object.keys(ANSWERS).find((name) =>
        text.includes(`"${name}"`)
      );
      return modelAnswer(
        modelMessage(
          found === undefined ? "Done" : JSON.stringify(ANSWERS[found]),
        ),
      );
    }),
  );
  const { path: home } = stack.use(await tempFolder("acodex_readme_home_"));
  const { path: repo } = stack.use(await tempFolder("acodex_readme_repo_"));
  const { path: temp } = stack.use(await tempFolder("acodex_readme_temp_"));
  fillHome(home);
  stack.defer(() => assertNothingRuns(home));
  await Deno.writeTextFile(
    `${home}/config.toml`,
    serializeConfigOverrides(model.config).join("\n"),
  );
  await new Deno.Command("git", { args: ["init", "--quiet", repo] }).output();
  await Deno.writeFile(`${repo}/design.png`, PNG);
  await Deno.writeTextFile(
    `${repo}/turn.jsonl`,
    completedTurn("Recorded").map((line) => `${line}\n`).join(""),
  );

  const file = runtime.runsSources
    ? new URL(`${index}.ts`, sources)
    : new URL(`${index}.js`, bundle);
  const { code, stdout, stderr } = await new Deno.Command(
    await installRuntime(runtime),
    {
      args: [
        ...runtime.runsSources
          ? [
            ...["run", "--allow-all", "--no-check", "--quiet"],
            `--config=${fileURLToPath(new URL("deno.json", ROOT_URL))}`,
          ]
          : [],
        fileURLToPath(file),
      ],
      cwd: repo,
      signal: AbortSignal.timeout(MINUTE_MS),
      env: {
        ...model.env(home),
        ...{ MY_KEY: "key", NO_COLOR: "1", TMPDIR: temp },
      },
    },
  ).output();
  const text = new TextDecoder();
  const printed = text.decode(stdout);
  assertEquals(
    { code, stderr: text.decode(stderr) },
    { code: 0, stderr: "" },
    printed,
  );
  const { page, name, code: source } = snippet;
  assertEquals(printed, PRINTED[`${page}, ${name}`] ?? printed);
  if (page !== "README.md" || source.includes("fakeCodex")) return;
  // A snippet may handle errors, but none is expected: each turn has reached the model.
  const turns = source.match(/\.run(?:Streamed)?\(/g)?.length ?? 0;
  assertEquals(
    model.requests.map(({ status }) => status),
    Array(turns).fill(200),
    printed,
  );
}

/** Writes the snippets as files; a data URL replaces the URL of the fetched image. */
async function prepare(): Promise<SnippetFiles> {
  return await writeSnippets(SNIPPETS.map(({ name, code }) => ({
    name,
    code: code.replace(
      IMAGE_URL,
      `data:image/png;base64,${PNG.toBase64()}`,
    ),
  })));
}

for (const runtime of RUNS_ON) {
  for (const [index, snippet] of SNIPPETS.entries()) {
    const { page, name } = snippet;
    if (page !== "README.md" && runtime.name !== "deno") continue;
    Deno.test({
      name: `${page}, ${name}, runs on ${runtime.name}`,
      // The runtimes' packages are those for POSIX systems.
      ignore: Deno.build.os === "windows",
      fn: () => runSnippet(runtime, index, snippet),
    });
  }
}

Deno.test("The snippets in NOT_RUN exist", async () => {
  const all = await Promise.all(PAGES.map(async (page) => {
    const text = await Deno.readTextFile(new URL(page, ROOT_URL));
    return listSnippets(text).map(({ name }) => `${page}, ${name}`);
  }));
  assertEquals(NOT_RUN.filter((each) => !all.flat().includes(each)), []);
});

Deno.test("listSnippets returns TypeScript blocks and no others", () => {
  const markdown = [
    ...["# A", "```ts", "one();", "```", "```sh", "# B", "```"],
    ...["```ts ignore", "two();", "```", "## C", "```ts", "three();", "```"],
  ].join("\n");
  assertEquals(listSnippets(`${markdown}\n`).map(({ code }) => code), [
    "one();\n",
    "three();\n",
  ]);
});
