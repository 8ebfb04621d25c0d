/**
 * Runs the example of a GitHub Action against a fake GitHub API on loopback.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { modelAnswer, modelHttpError, modelMessage } from "../../testing.ts";
import { type ExampleResult, runExample } from "./run_example.ts";

const NAME = "github_action/review.ts";

/** Creates a repository with a branch whose second commit changes line 2. */
const PREPARE = `
git config user.email a@example.com && git config user.name A
git checkout -q -b main && git add . && git commit -q -m One
git checkout -q -b work && printf 'one\\nTWO\\nthree\\n' > a.txt
git commit -q -a -m Two
`;

const FINDINGS = [
  { file: "a.txt", line: 2, text: "Why so loud?" },
  { file: "a.txt", line: 3, text: "::error::Not a command" },
];

Deno.test("examples/github_action comments on the changed lines", async () => {
  const reviews: { path: string; body: unknown }[] = [];
  await using github = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      assertEquals(request.headers.get("authorization"), "Bearer gh-token");
      reviews.push({ path: pathname, body: await request.json() });
      return new Response("{}");
    },
  );
  const summary = await Deno.makeTempFile();
  try {
    await runExample("node24", NAME, {
      args: [],
      files: { "a.txt": "one\ntwo\nthree\n" },
      prepare: PREPARE,
      env: {
        ...{ BASE: "main", GITHUB_TOKEN: "gh-token", PULL_REQUEST: "7" },
        ...{ GITHUB_REPOSITORY: "some/one", GITHUB_STEP_SUMMARY: summary },
        GITHUB_API_URL: `http://127.0.0.1:${github.addr.port}`,
        // The default would not read the settings that name the model.
        REVIEW_SETTINGS: "user",
      },
      reply: () =>
        modelAnswer(modelMessage(
          JSON.stringify({ verdict: "approve", findings: FINDINGS }),
        )),
      check: async (result) => {
        assertEquals([result.code, result.stderr], [0, ""], result.stdout);
        assertStopped(result);
        assertMatch(
          await Deno.readTextFile(summary),
          /Why so loud\?[^]*\*\*Usage\*\*/,
        );
        const manifest = JSON.parse(await result.read("manifest.json"));
        assertEquals(
          [
            manifest.verdict,
            manifest.changedFiles,
            manifest.usage.input_tokens,
          ],
          ["approve", ["a.txt"], 10],
        );
        assertMatch(manifest.head, /^[0-9a-f]{40}$/);
      },
    });
  } finally {
    await Deno.remove(summary);
  }
  assertEquals(reviews, [{
    path: "/repos/some/one/pulls/7/reviews",
    body: {
      event: "COMMENT",
      body: "- a.txt:3: ::error::Not a command",
      comments: [{ path: "a.txt", line: 2, body: "Why so loud?" }],
    },
  }]);
});

Deno.test("examples/github_action keeps the thread of a failed turn", async () => {
  await runExample("node24", NAME, {
    args: [],
    files: { "a.txt": "one\ntwo\nthree\n" },
    prepare: PREPARE,
    env: { BASE: "main", REVIEW_SETTINGS: "user" },
    reply: () => modelHttpError(401),
    check: async (result) => {
      assertEquals([result.code, result.stderr], [2, ""], result.stdout);
      assertStopped(result);
      assertEquals(
        JSON.parse(await result.read("manifest.json")).reason,
        "unauthorized",
      );
      assert((await result.read("thread.bundle")).length > 0);
    },
  });
});

/** Asserts that the whole output is between markers that disable workflow commands. */
function assertStopped({ stdout }: ExampleResult): void {
  const lines = stdout.trimEnd().split("\n");
  const [, mark] = /^::stop-commands::([-0-9a-f]{36})$/.exec(lines[0] ?? "") ??
    [];
  assert(mark !== undefined, stdout);
  assertEquals(lines.at(-1), `::${mark}::`);
}
