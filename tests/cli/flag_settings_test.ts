import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { findFlagSetting } from "../../src/cli/flag_settings.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import {
  CodexConfigError,
  CodexInputError,
} from "../../src/errors/codex_error.ts";
import { denoRuntime } from "../../src/runtime/deno.ts";
import { modelAnswer, modelMessage, ScriptedModel } from "../../testing.ts";
import { realCodex } from "../support/real_codex.ts";
import { assertRejects } from "@std/assert";
import { runCodex } from "../testing/support.ts";

/** Keys that have no effect, and the advice for each. */
const SAID: [key: string, says: string][] = [
  [
    "profile",
    "as the flag --profile, not as a setting: pass the option profile to new Codex()",
  ],
  ["sandbox", "pass the option sandboxMode to startThread() or resumeThread()"],
  ["cd", "pass the option workingDirectory to startThread()"],
  ["add_dir", "pass the option additionalDirectories to startThread()"],
  [
    "skip-git-repo-check",
    "--skip-git-repo-check, not as a setting: pass the option skipGitRepoCheck",
  ],
  [
    "cyber_access_program",
    "pass the option cyberAccessProgram to run() or runStreamed()",
  ],
  ["oss", "pass the option oss to new Codex()"],
  ["enable", "pass the option features to new Codex()"],
  ["disable", "pass the option features to new Codex()"],
  ["ephemeral", "pass the option ephemeral to startThread()"],
  ["color", "this package does not send it"],
  [
    "sandboxMode",
    "it is an option, not a setting of the CLI: pass it to startThread()",
  ],
  ["apiKey", "pass it to new Codex()"],
  ["timeoutMs", "pass it to run() or runStreamed()"],
  ["profile.name", "--profile"],
];

for (const [key, says] of SAID) {
  Deno.test(`findFlagSetting says what to pass instead of ${key}`, () => {
    assertStringIncludes(findFlagSetting(key) ?? "", says);
  });
}

Deno.test("findFlagSetting accepts settings of the CLI, and names of Object.prototype", () => {
  for (
    const key of [
      "model",
      "sandbox_mode",
      "profiles.a.model",
      "features.json",
      "constructor",
      "toString",
      "",
      "instructions",
    ]
  ) {
    assertEquals(findFlagSetting(key), undefined, key);
  }
});

Deno.test("serializeConfigOverrides rejects a flag of the CLI, unless its value is undefined", () => {
  const error = assertThrows(
    () => serializeConfigOverrides({ model: "m", sandbox: "read-only" }),
    CodexConfigError,
    "sandbox would have no effect",
  );
  assertEquals(error.path, "sandbox");
  assertEquals(serializeConfigOverrides({ sandbox: undefined }), []);
});

Deno.test("Thread.run rejects a flag of the CLI among raw settings before starting the CLI", async () => {
  await using real = await realCodex([]);
  const client = real.client({
    configOverrides: ["model=x", ' profile = "w"'],
  });
  const error = await assertRejects(
    () => client.startThread(real.inRepo).run("Hi"),
    CodexInputError,
    "configOverrides[1] would have no effect: the CLI accepts it only as the flag --profile",
  );
  assertEquals(error.path, "configOverrides[1]");
  assertEquals(real.model.requests, []);
});

// Facts F43.
Deno.test("findFlagSetting finds exactly the flags that the real CLI does not accept as settings", async () => {
  await using model = await ScriptedModel.start(() =>
    modelAnswer(modelMessage("ok"))
  );
  const flags = await listFlags();
  assert(flags.length > 20, `read ${flags.length} flags from the help`);
  for (const flag of flags) {
    const name = flag.replaceAll("-", "_");
    // Under --strict-config, which is on here, an unknown setting ends the CLI.
    const { code, stderr } = await runCodex(model, "Hi", {
      args: ["-c", `${name}="x"`],
    });
    const isNone = code === 1 &&
      /unknown configuration field|is no longer supported; use `--profile/
        .test(stderr);
    assertEquals(
      findFlagSetting(name) !== undefined,
      isNone,
      `${flag}: ${stderr}`,
    );
  }
});

Deno.test("The real CLI ignores a setting that is a flag, and reports that in an item", async () => {
  await using real = await realCodex([modelAnswer(modelMessage("ok"))]);
  const { program } = await locateCodex(denoRuntime(Deno));
  // The client would reject the setting, so a configuration file contains it.
  await Deno.writeTextFile(
    `${real.home}/config.toml`,
    'sandbox = "read-only"\n',
  );
  const turn = await real.client({ codexPathOverride: program })
    .startThread(real.inRepo).run("Hi");
  assertStringIncludes(turn.warnings.join("\n"), "`sandbox` is ignored");
});

/** Lists the long flags of `codex exec`, except those of the command line itself. */
async function listFlags(): Promise<string[]> {
  const { program } = await locateCodex(denoRuntime(Deno));
  const { stdout } = await new Deno.Command(program, {
    args: ["exec", "--help"],
  }).output();
  const help = new TextDecoder().decode(stdout);
  return [...help.matchAll(/^ {2,6}(?:-\w, )?--([a-z-]+)/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => !["config", "help", "version"].includes(name));
}
