/**
 * Tests the intended differences to the official SDK: the result of the same case with
 * each package. Each has a row in docs/differences.md with the same title, and each row
 * there names a test.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT_URL } from "../../scripts/project.ts";
import {
  completedTurn,
  FakeCli,
  type FakeSteps,
  print,
  prints,
  script,
} from "../../src/testing/fake.ts";
import {
  type Case,
  type CaseOutcome,
  runCases,
  type TurnOutcome,
  USERS,
} from "./support.ts";

/** The lines of a successful turn, as the CLI prints them. */
const [OPENED = "", STARTED = "", ANSWERED = "", COMPLETED = ""] =
  completedTurn("Done");

const FAILED = '{"type":"turn.failed","error":{"message":"No more"}}';

/** One difference. */
interface Difference {
  /** The steps of the CLI. */
  readonly steps: FakeSteps;
  /** The parts of the case that differ from a turn with the prompt "Hi". */
  readonly given?: Partial<Case>;
  /**
   * The result of the turn with the official SDK, abbreviated; a list if there are
   * several turns.
   */
  readonly official: unknown;
  /** The beginning of the result with this package, likewise. */
  readonly ours: unknown;
}

/** Abbreviates the result of a turn. */
function short(outcome: TurnOutcome | undefined): string {
  if (outcome === undefined) return "nothing";
  if ("message" in outcome) {
    const [line = ""] = outcome.message.split("\n");
    return `${outcome.name}: ${line}`;
  }
  return "events" in outcome
    ? outcome.events.map(({ type }) => type).join(" ")
    : `"${outcome.finalResponse}" of ${outcome.items.length}`;
}

const TURN = print(OPENED, STARTED, ANSWERED, COMPLETED);

const DIFFERENCES: { readonly [words: string]: Difference } = {
  "A failed turn is an error with the CLI's message, whatever the exit code": {
    steps: [
      print(OPENED, STARTED, FAILED),
      prints("Shutting down\n", { to: "stderr" }),
      "exit 1",
    ],
    given: { turns: [{ input: "Hi", streamed: true }] },
    official: "Error: Codex Exec exited with code 1: Shutting down",
    ours: "CodexThreadRunError: No more",
  },
  "A turn that stops without an ending is an error": {
    steps: print(OPENED, STARTED, ANSWERED),
    official: '"Done" of 1',
    ours:
      "CodexIncompleteTurnError: codex exited without saying that the turn is complete",
  },
  "A completed turn stays completed, whatever the exit code": {
    steps: [TURN, "exit 3"],
    official: "Error: Codex Exec exited with code 3: ",
    ours: '"Done" of 1',
  },
  "A line that is not an event is a diagnostic": {
    steps: print(OPENED, STARTED, "WARN: slow disk", ANSWERED, COMPLETED),
    official: "Error: Failed to parse item: WARN: slow disk",
    ours: '"Done" of 1',
  },
  "Events of unknown kinds have a type": {
    steps: print(OPENED, STARTED, '{"type":"turn.paused"}', COMPLETED),
    given: { turns: [{ input: "Hi", streamed: true }] },
    official: "thread.started turn.started turn.paused turn.completed",
    ours: "thread.started turn.started unknown turn.completed",
  },
  "An empty prompt is rejected before anything starts": {
    steps: TURN,
    given: { turns: [{ input: " " }] },
    official: '"Done" of 1',
    ours: "CodexInputError: Cannot send a blank prompt",
  },
  "A missing image is rejected": {
    steps: TURN,
    given: {
      turns: [{
        input: [{ type: "text", text: "Look" }, {
          type: "local_image",
          path: "/nowhere.png",
        }],
      }],
    },
    official: '"Done" of 1',
    ours: 'CodexInputError: Cannot send image "/nowhere.png" at input[1].path',
  },
  "A prompt part of an unknown kind is rejected": {
    steps: TURN,
    given: { turns: [{ input: [{ type: "text", text: "a" }, { type: "x" }] }] },
    official: '"Done" of 1',
    ours: "CodexInputError: input[1]",
  },
  "Threads are resumed by UUID only": {
    steps: TURN,
    given: { id: "--last", turns: [{ input: "Hi" }] },
    official: '"Done" of 1',
    ours: "CodexInputError: Cannot resume",
  },
  "A different thread that answers is an error": {
    steps: TURN,
    given: {
      id: "11111111-2222-7333-8444-555555555555",
      turns: [{ input: "Hi" }],
    },
    official: '"Done" of 1',
    ours: "CodexThreadNotFoundError:",
  },
  "An unknown option is rejected": {
    steps: TURN,
    given: { thread: { sandbox: "read-only" }, turns: [{ input: "Hi" }] },
    official: '"Done" of 1',
    ours: 'CodexInputError: Unknown option "sandbox"',
  },
  "A value that the CLI does not accept is rejected": {
    steps: TURN,
    given: {
      thread: { approvalPolicy: "untrusted" },
      turns: [{ input: "Hi" }],
    },
    official: '"Done" of 1',
    ours: 'CodexInputError: approvalPolicy must not be "untrusted"',
  },
  "Turns started on one thread at the same time are queued": {
    steps: script(`
case " $* " in *" resume "*) text="goes on" ;; *) text=new ;; esac
printf '%s\\n' '${OPENED}' '${STARTED}'
printf '%s\\n' '${ANSWERED}' | sed "s/Done/$text/"
printf '%s\\n' '${COMPLETED}'`),
    given: { turns: [{ input: "1" }, { input: "2" }], atOnce: true },
    official: ['"new" of 1', '"new" of 1'],
    ours: ['"new" of 1', '"goes on" of 1'],
  },
  "The CLI is located when it is needed": {
    steps: TURN,
    given: {
      client: { codexPathOverride: "/nowhere/codex" },
      turns: [{ input: "Hi" }],
    },
    official: "Error: spawn /nowhere/codex ENOENT",
    ours: "CodexExecutableNotFoundError:",
  },
};

/** Runs all cases with one package, each on its own fake CLI. */
async function runAll(user: typeof USERS[number]): Promise<CaseOutcome[]> {
  const folder = await Deno.makeTempDir({ prefix: "differences-" });
  try {
    const cases = Object.values(DIFFERENCES).map(
      ({ steps, given }, index): Case => {
        const fake = new FakeCli(`${folder}/${index}`, ["read", steps]);
        return {
          turns: [{ input: "Hi" }],
          ...given,
          client: { codexPathOverride: fake.path, ...given?.client },
        };
      },
    );
    return await runCases(user, cases, { HOME: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The results of all cases with each package; they are run once, on first use. */
let outcomes: Promise<CaseOutcome[][]> | undefined;

for (
  const [index, [words, difference]] of Object.entries(DIFFERENCES).entries()
) {
  Deno.test({
    name: words,
    // The fake CLI is a shell script.
    ignore: Deno.build.os === "windows",
    fn: async () => {
      outcomes ??= Promise.all(USERS.map(runAll));
      const each = (await outcomes).map((all) => all[index]?.turns.map(short));
      const expected = [difference.official, difference.ours].map((one) =>
        [one].flat()
      );
      assertEquals(each[0], expected[0]);
      for (const [at, begin] of (expected[1] ?? []).entries()) {
        assert(each[1]?.[at]?.startsWith(String(begin)), each[1]?.[at]);
      }
    },
  });
}

Deno.test("docs/differences.md has a row for each difference, and each row names a test", async () => {
  const read = (path: string): Promise<string> =>
    Deno.readTextFile(new URL(path, ROOT_URL));
  const page = await read("docs/differences.md");
  const rows = [...page.matchAll(/^\| (.+?) +\|.*\| +`(tests\/[^`]+)` +\|$/gm)]
    .map(([, words = "", path = ""]) => ({ words, path }));
  const own = rows.filter(({ path }) => path.endsWith("/differences_test.ts"));
  assertEquals(own.map(({ words }) => words), Object.keys(DIFFERENCES));
  for (const { path } of rows) {
    assertMatch(await read(path), /Deno\.test|behaviour\(/);
  }
  assert(rows.length > own.length);
});
