/**
 * Checks the types of the fleet example with the packages that it names, and runs its
 * tasks in one process with the real CLI. Its queue is tested by `deno task
 * test:fleet`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { run } from "../../scripts/run.ts";
import { fleetModel, makePrompt } from "../fleet/model.ts";
import { installFleetRuntimes, makeFleetProject } from "../fleet/project.ts";
import { realCodex } from "../support/real_codex.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("The fleet example type-checks with the packages that it names", async () => {
  const cwd = await makeFleetProject();
  const args = ["check", "--quiet", "."];
  const { code, stderr } = await run(Deno.execPath(), args, { cwd });
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test({
  name: "The tasks of the fleet example run in one process, which then exits",
  // The commands need a POSIX shell.
  ignore: Deno.build.os === "windows",
  async fn() {
    const project = await makeFleetProject();
    const [node] = await installFleetRuntimes();
    const [program = "", ...args] = node?.command ?? [];
    await using folder = await tempFolder("acodex_fleet_");
    const effects = `${folder.path}/effects`;
    await using real = await realCodex(fleetModel(effects));
    await Deno.writeTextFile(
      `${real.home}/config.toml`,
      serializeConfigOverrides(real.model.config).join("\n"),
    );
    await run("git", ["init", "--quiet", real.repo]);
    const { code, stdout, stderr } = await run(program, [
      ...args,
      `${project}pool.ts`,
      real.repo,
      makePrompt(1),
      makePrompt(2),
    ], { env: { ...real.env, FLEET_SANDBOX: "off" }, clearEnv: true });
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
    assertEquals(
      stdout.split("\n").filter((line) => line.includes("completed")).sort(),
      [
        '0 completed {"summary":"Did task 1"}',
        '1 completed {"summary":"Did task 2"}',
      ],
    );
    assertEquals(
      (await Deno.readTextFile(effects)).split("\n").sort(),
      ["", "1", "2"],
    );
  },
});
