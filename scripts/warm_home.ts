/**
 * Prepares the home that the tests copy for the real CLI.
 *
 * @module
 */

import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Codex } from "../mod.ts";
import { OPEN, startRealCli } from "../src/testing/real_cli.ts";
import { WARM_HOME } from "../src/testing/warm_home.ts";
import { modelAnswer, modelMessage } from "../testing.ts";
import { cached } from "./cache.ts";
import { say } from "./print.ts";
import { ROOT_URL } from "./project.ts";

/**
 * Has the CLI set up a home, unless it is there, and returns the variable that names
 * it. With a CLI that cannot, the tests say more than this would.
 */
export async function prepareWarmHome(): Promise<Record<string, string>> {
  try {
    const cli = await Deno.realPath(
      new URL("node_modules/@openai/codex", ROOT_URL),
    );
    const home = await cached("conformance/home", [cli], setUpHome);
    return { [WARM_HOME]: fileURLToPath(home) };
  } catch (error) {
    say(`The tests run without a home that the CLI has set up: ${error}`);
    return {};
  }
}

/** Has the CLI set up a home, in which it keeps no thread. */
async function setUpHome(folder: URL): Promise<void> {
  await using real = await startRealCli([modelAnswer(modelMessage("Done"))]);
  await new Codex(real.codexOptions)
    .startThread({ ...OPEN, ephemeral: true }).run("Begin");
  await cp(real.home, fileURLToPath(folder), { recursive: true });
}
