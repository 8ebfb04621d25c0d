import { assertEquals } from "@std/assert";
import { fakeCodex, printTurn } from "../support/fake_codex.ts";

/** The project's folder. */
const PROJECT = new URL("../../", import.meta.url).pathname;

/**
 * Runs a turn of the blocking client in a separate Deno process and returns its result.
 */
async function blockingTurn(path: string, ...flags: string[]): Promise<object> {
  const module = import.meta.resolve("../../sync.ts");
  const source = `import { CodexSync } from ${JSON.stringify(module)};
const options = { codexPathOverride: ${JSON.stringify(path)}, env: {} };
let said;
try {
  said = { says: new CodexSync(options).startThread().run("Hi").finalResponse };
} catch ({ name, code, flag }) {
  said = { name, code, flag };
}
console.log(JSON.stringify(said));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--quiet"],
      `--config=${PROJECT}deno.json`,
      ...flags,
      `data:text/javascript,${encodeURIComponent(source)}`,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(text.length > 0, true, new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

// Facts R19.
Deno.test("A blocking turn in Deno needs --allow-run, and --allow-read for the package's own files", async () => {
  await using fake = await fakeCodex(printTurn("Hello"));
  const run = `--allow-run=${fake.path}`;
  const read = `--allow-read=${PROJECT}`;
  assertEquals(await blockingTurn(fake.path, run, read), { says: "Hello" });
  assertEquals(await blockingTurn(fake.path, run), {
    name: "CodexPermissionError",
    code: "permission_denied",
    flag: read,
  });
});
