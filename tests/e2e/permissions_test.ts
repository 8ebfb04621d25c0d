import { assertEquals, assertObjectMatch } from "@std/assert";
import { modelAnswer, modelHang, modelMessage } from "../../testing.ts";
import {
  assertNothingRuns,
  type RealCodex,
  realCodex,
} from "../support/real_codex.ts";
import { GIF } from "../input/images.ts";
import { type PermittedTurn, PROJECT, runTurn } from "./permitted_turn.ts";

/** The CLI from npm, and ways to run turns with and without a `codex` on PATH. */
interface Project {
  /** The real CLI. */
  readonly real: RealCodex;
  /** The path of the CLI's binary in node_modules. */
  readonly binary: string;
  /** Runs a turn, with `codex` on PATH. */
  run(turn: PermittedTurn): Promise<object>;
  /** Runs a turn, without `codex` on PATH. */
  runWithoutPath(turn: PermittedTurn): Promise<object>;
}

/** The output of a turn that succeeded. */
const WELL = { says: '{"n":1}' };

const SCHEMA = {
  type: "object",
  properties: { n: { type: "integer" } },
  required: ["n"],
  additionalProperties: false,
};

/** Defines a test over a project. */
function permissionTest(
  name: string,
  fn: (project: Project) => Promise<void>,
): void {
  Deno.test(name, async () => {
    await using real = await realCodex(() =>
      modelAnswer(modelMessage('{"n":1}'))
    );
    const binary = await codexBinary();
    const folder = `${real.home}/bin`;
    await Deno.mkdir(folder);
    await Deno.symlink(binary, `${folder}/codex`);
    const runWithoutPath = (turn: PermittedTurn) => runTurn(real, turn);
    await fn({
      real,
      binary,
      run: ({ env, ...turn }) =>
        runTurn(real, {
          ...turn,
          env: { PATH: `${folder}:/usr/bin:/bin`, ...env },
        }),
      runWithoutPath,
    });
  });
}

permissionTest(
  "Deno runs a turn with only --allow-run=codex",
  async ({ real, run }) => {
    const flags = ["--allow-run=codex"];
    assertEquals(await run({ flags }), WELL);
    assertEquals(
      await run({
        flags,
        client: { apiKey: "k", env: real.model.env(real.home) },
      }),
      WELL,
    );
  },
);

permissionTest(
  "Deno ends a turn with only --allow-run=codex",
  async ({ real, run }) => {
    await using model = await realCodex([modelHang()]);
    assertObjectMatch(
      await run({
        flags: ["--allow-run=codex"],
        client: { config: model.model.config },
        cancelAfter: 700,
      }),
      { code: "ABORT_ERR" },
    );
    await assertNothingRuns(real.home);
  },
);

permissionTest(
  "Deno's missing permissions are errors that name the flag",
  async ({ real, run }) => {
    assertObjectMatch(await run({ flags: [] }), {
      code: "permission_denied",
      flag: "--allow-run=codex",
    });
    const image = `${real.repo}/dot.png`;
    assertObjectMatch(
      await run({ flags: ["--allow-run=codex"], images: [image] }),
      { code: "permission_denied", flag: `--allow-read=${image}` },
    );
    assertObjectMatch(
      await run({
        flags: ["--allow-run=codex"],
        turn: { outputSchema: SCHEMA },
      }),
      { code: "permission_denied", flag: "--allow-write" },
    );
  },
);

permissionTest(
  "Deno runs a turn with an output schema with --allow-write of the temporary folder",
  async ({ real, run }) => {
    const temporary = `${real.home}/tmp`;
    await Deno.mkdir(temporary);
    assertEquals(
      await run({
        flags: ["--allow-run=codex", `--allow-write=${temporary}`],
        env: { TMPDIR: temporary },
        turn: { outputSchema: SCHEMA },
      }),
      { ...WELL, response: { n: 1 } },
    );
    const left = await Array.fromAsync(Deno.readDir(temporary));
    assertEquals(
      left.filter(({ name }) => name.startsWith("codex-output-schema-")),
      [],
    );
  },
);

permissionTest(
  "Deno runs a turn with an image with --allow-read of the image",
  async ({ real, run }) => {
    const image = `${real.repo}/dot.png`;
    await Deno.writeFile(image, GIF);
    assertEquals(
      await run({
        flags: ["--allow-run=codex", `--allow-read=${image}`],
        images: [image],
      }),
      WELL,
    );
  },
);

permissionTest(
  "Deno finds the CLI in node_modules with --allow-read of it",
  async ({ binary, runWithoutPath }) => {
    const read = "--allow-read=node_modules";
    const cwd = PROJECT;
    assertEquals(
      await runWithoutPath({ cwd, flags: [read, "--allow-run"] }),
      WELL,
    );
    assertEquals(
      await runWithoutPath({ cwd, flags: [read, `--allow-run=${binary}`] }),
      WELL,
    );
    assertObjectMatch(
      await runWithoutPath({ cwd, flags: ["--allow-run"] }),
      { code: "executable_not_found" },
    );
  },
);

permissionTest(
  "Deno runs the CLI at a given path with --allow-run of that path",
  async ({ binary, runWithoutPath }) => {
    assertEquals(
      await runWithoutPath({
        flags: [`--allow-run=${binary}`],
        client: { codexPathOverride: binary },
      }),
      WELL,
    );
  },
);

permissionTest(
  "Deno needs --allow-env where the host has LD_* variables and --allow-run is scoped",
  async ({ run }) => {
    const env = { LD_LIBRARY_PATH: "/nowhere" };
    assertObjectMatch(await run({ flags: ["--allow-run=codex"], env }), {
      code: "permission_denied",
      flag: "--allow-env",
    });
    assertEquals(
      await run({ flags: ["--allow-run=codex", "--allow-env"], env }),
      WELL,
    );
    assertEquals(await run({ flags: ["--allow-run"], env }), WELL);
  },
);

/** Locates the CLI's binary as the package does. */
async function codexBinary(): Promise<string> {
  const { locateCodex } = await import("../../src/cli/locate/locate.ts");
  const { currentRuntime } = await import("../../src/runtime/current.ts");
  return (await locateCodex(currentRuntime())).program;
}
