import { assertEquals, assertThrows } from "@std/assert";
import { Codex, CodexInputError } from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import {
  checkExtraArgs,
  listExtraFlags,
} from "../../src/options/extra_args.ts";

/** Arguments that are accepted. */
const TAKEN: string[][] = [
  [],
  ["--color", "never"],
  ["--color=never"],
  ["--ephemeral", "--worktree"],
  ["-c", "model=x", "--config", "a=1"],
  ["-mx"],
  // A profile may have any name.
  ["--profile", "review"],
  ["--flag-of-a-newer-cli", "value", "--another"],
  ["--flag-of-a-newer-cli", ""],
];

for (const words of TAKEN) {
  Deno.test(`checkExtraArgs accepts ${JSON.stringify(words)}`, () => {
    checkExtraArgs(words);
  });
}

/** Arguments that are rejected, the index of the bad one, and the message. */
const REFUSED: [words: string[], index: number, says: RegExp][] = [
  [["secret"], 0, /is not a flag and does not follow one: .* as the prompt$/],
  [["resume"], 0, /as the prompt$/],
  [[""], 0, /as the prompt$/],
  [["-"], 0, /as the prompt$/],
  [["--color", "never", "secret"], 2, /as the prompt$/],
  [["--color=never", "secret"], 1, /as the prompt$/],
  [["-mx", "secret"], 1, /as the prompt$/],
  [["--ephemeral", "secret"], 1, /follows --ephemeral, which takes no value/],
  [["--ephemeral", "review"], 1, /follows --ephemeral, which takes no value/],
  [["--new", "resume"], 1, /must not be "resume": .* subcommand$/],
  [["--new", "review"], 1, /subcommand$/],
  [["--new", "fork"], 1, /subcommand$/],
  [["--new", "help"], 1, /subcommand$/],
  [["--color", "never", "--"], 2, /must not be --: .* prompt$/],
  [["--json"], 0, /must not be --json: /],
  [["--experimental-json"], 0, /must not be --experimental-json: /],
  [["-o", "secret"], 0, /must not be -o: read the finalResponse/],
  [["-osecret"], 0, /must not be -o: /],
  [["--output-last-message=secret"], 0, /must not be --output-last-message: /],
  [["-i", "secret"], 0, /must not be -i: pass images in the input/],
  [["-isecret"], 0, /must not be -i: /],
  [["--image", "secret"], 0, /must not be --image: /],
  [["--image=secret"], 0, /must not be --image: /],
  [["--output-schema", "secret"], 0, /must not be --output-schema: /],
  [["--trust"], 0, /must not be --trust: /],
  [["--help"], 0, /does not run a turn$/],
  [["-V"], 0, /does not run a turn$/],
];

for (const [words, index, says] of REFUSED) {
  Deno.test(`checkExtraArgs rejects ${JSON.stringify(words)}, and reveals no value`, () => {
    for (const Client of [Codex, CodexSync]) {
      const error = assertThrows(
        () => new Client({ extraArgs: words }),
        CodexInputError,
      );
      assertEquals(error.path, `extraArgs[${index}]`);
      assertEquals([says.test(error.message), error.message], [
        true,
        error.message,
      ]);
      assertEquals(error.message.includes("secret"), false);
    }
  });
}

Deno.test("listExtraFlags pairs each flag with its value, in the same argument or the next", () => {
  assertEquals(
    listExtraFlags(["--a", "1", "--b", "--c=2", "-d3", "-e", "4", "--f"]),
    [
      { flag: "--a", value: "1" },
      { flag: "--b", value: undefined },
      { flag: "--c", value: "2" },
      { flag: "-d", value: "3" },
      { flag: "-e", value: "4" },
      { flag: "--f", value: undefined },
    ],
  );
});
