import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CodexConfigObject } from "../../src/options/options.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { Tree } from "./locate/npm_tree.ts";
import { type RealRun, runReal } from "../exec/real_cli.ts";
import { fakeCodex } from "../support/fake_codex.ts";

/** A string with everything that quoting could get wrong. */
const ODD =
  `"quotes" 'too' \\back\\slash\n\ttab = # [x] {y}, grüße 🚀 \u2028 del\u007f`;

/** Runs a turn of the real CLI with a config. */
async function withConfig(config: CodexConfigObject): Promise<RealRun> {
  await using home = await Tree.make();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("Done"))
  );
  return await runReal(model, { config, home: home.path });
}

// Facts F12.
Deno.test("serializeConfigOverrides sends a server with a dotted name and odd strings to the real CLI", async () => {
  // Each server records what it was given, because the CLI does not report it.
  await using dotted = await fakeCodex(
    `printf '%s\\n' "$1$VALUE" > "$FAKE_HOME/part"\nmv "$FAKE_HOME/part" "$FAKE_HOME/got"`,
  );
  await using plain = await fakeCodex(
    `printf '%s\\n' "$1$VALUE" > "$FAKE_HOME/part"\nmv "$FAKE_HOME/part" "$FAKE_HOME/got"`,
  );
  const server = (command: string, env: CodexConfigObject) => ({
    command,
    args: [ODD],
    env,
  });
  for (const name of ["my.srv", "plain"]) {
    const run = await withConfig({
      mcp_servers: {
        [name]: server(name === "plain" ? plain.path : dotted.path, {
          VALUE: ODD,
        }),
      },
    });
    assertEquals(run.code, 0, run.stderr);
  }
  assertEquals(await dotted.note("got"), ODD + ODD);
  assertEquals(await plain.note("got"), ODD + ODD);
});

Deno.test("serializeConfigOverrides sends headers and a query with odd keys to the real CLI", async () => {
  await using home = await Tree.make();
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("Done"))
  );
  const { mock } = model.config.model_providers;
  const run = await runReal(model, {
    home: home.path,
    config: {
      model_providers: {
        mock: {
          ...mock,
          query_params: { "api.version": "1.2" },
          http_headers: { "X-Odd.Name": 'say "hi"' },
        },
      },
    },
  });
  assertEquals(run.code, 0, run.stderr);
  const request = model.requests.find(({ number }) => number === 1);
  assert(request !== undefined);
  const query = new URL(request.path, "http://localhost").searchParams;
  assertEquals(query.get("api.version"), "1.2");
  assertEquals(request.headers["x-odd.name"], 'say "hi"');
});

Deno.test("serializeConfigOverrides runs under --strict-config, which rejects unknown settings", async () => {
  assertEquals((await withConfig({})).code, 0);
  const unknown = await withConfig({ no_such_setting: { at: { all: 1 } } });
  assertEquals(unknown.code, 1);
  assertStringIncludes(unknown.stderr, "no_such_setting");
});

/** Values whose type is not that of `model`: the CLI reports what it read. */
const TYPES: [value: CodexConfigObject[string], read: string][] = [
  [2 ** 53, "integer `9007199254740992`"],
  [2 ** 62, "integer `4611686018427388000`"],
  [2 ** 63, "floating point `9223372036854776000.0`"],
  [1e21, "floating point `1000000000000000000000.0`"],
  [-1e300, "floating point `-1"],
  [1e-7, "floating point `0.0000001`"],
  [-0.5, "floating point `-0.5`"],
  [true, "boolean `true`"],
  [[1, "a"], "sequence"],
  [{ "odd key": 1 }, "map"],
  [{}, "map"],
  [nested(80), "sequence"],
];

for (const [value, read] of TYPES) {
  const shown = JSON.stringify(value).slice(0, 40);
  Deno.test(`The real CLI reads ${shown} from serializeConfigOverrides as ${read}`, async () => {
    const run = await withConfig({ model: value });
    assertEquals(run.code, 1);
    assertStringIncludes(run.stderr, `invalid type: ${read}`);
  });
}

/** Nests a value in this many arrays. */
function nested(levels: number): CodexConfigObject[string] {
  return levels === 0 ? 1 : [nested(levels - 1) ?? 0];
}
