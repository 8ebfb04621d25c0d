import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { completedTurn, fakeCodex, printing } from "../support/fake_codex.ts";

/** The project's folder. */
const ROOT = new URL("../../", import.meta.url);

/**
 * Runs a turn, and another one once the worker's program is there. Prints both results,
 * and the time that the first took.
 */
const PROGRAM = `import { CodexSync } from "./sync.ts";
const run = () => {
  const [codexPathOverride] = Deno.args;
  try {
    return new CodexSync({ codexPathOverride }).startThread().run("Hi").finalResponse;
  } catch ({ name, code, path, message }) {
    return { name, code, path, message };
  }
};
const begunAt = performance.now();
const first = run();
const ms = performance.now() - begunAt;
Deno.copyFileSync("worker.ts", "src/sync/worker.ts");
console.log(JSON.stringify({ first, ms, second: run() }));`;

/** What {@linkcode PROGRAM} prints. */
interface Printed {
  readonly first: Readonly<Record<string, string>>;
  readonly ms: number;
  readonly second: unknown;
}

/** Copies a folder with everything in it. */
async function copyFolder(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await copyFolder(new URL(`${name}/`, from), `${to}/${name}`);
    } else await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}

/**
 * Runs the program in a copy of the sources in which the worker's program has another
 * text.
 */
async function runWith(
  cli: string,
  worker: string | undefined,
): Promise<Printed & { readonly workerUrl: string }> {
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "acodex-worker-" }),
  );
  try {
    await copyFolder(new URL("src/", ROOT), `${folder}/src`);
    await Deno.copyFile(new URL("sync.ts", ROOT), `${folder}/sync.ts`);
    const file = `${folder}/src/sync/worker.ts`;
    await Deno.rename(file, `${folder}/worker.ts`);
    if (worker !== undefined) await Deno.writeTextFile(file, worker);
    await Deno.writeTextFile(`${folder}/main.ts`, PROGRAM);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-all", "--no-check", "--quiet"],
        `--config=${new URL("deno.json", ROOT).pathname}`,
        ...["main.ts", cli],
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    assert(stdout.length > 0, text.decode(stderr));
    return {
      ...JSON.parse(text.decode(stdout)),
      workerUrl: `file://${file}`,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The expected reasons, by the text of the worker's program. */
const REASONS: readonly [string | undefined, (url: string) => string][] = [
  [undefined, (url) => `${url} does not exist. If this program was bundled`],
  [
    'throw new TypeError("broken");',
    (url) =>
      `it cannot load ${url} (TypeError: broken). If this program was bundled`,
  ],
  [
    'import "./chunk.js";',
    (url) => `it cannot load ${url} (TypeError: Module not found "`,
  ],
];

Deno.test("A turn reports at once why the worker's program cannot be loaded, and the next turn tries again", async () => {
  await using fake = await fakeCodex(printing(...completedTurn("Hello")));
  for (const [worker, reason] of REASONS) {
    const { first, ms, second, workerUrl } = await runWith(fake.path, worker);
    assertEquals(
      [first.name, first.code, first.path],
      ["CodexEnvironmentError", "host_unavailable", workerUrl],
    );
    const message = first.message ?? "";
    assertStringIncludes(
      message,
      `Cannot start the worker thread: ${reason(workerUrl)}`,
    );
    assertStringIncludes(message, 'serverExternalPackages: ["@acodex/sdk"]');
    // It used to take 30 s to fail without a reason.
    assert(ms < 20_000, `${ms} ms`);
    assertEquals(second, "Hello");
  }
});
