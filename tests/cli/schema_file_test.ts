import { assertEquals, assertMatch } from "@std/assert";
import { fakeCodex, printTurn, waitingFor } from "../support/fake_codex.ts";
import type { FakeSteps } from "../../src/testing/fake.ts";
import { SLEEP } from "../../src/testing/waiting.ts";
import type { CodexOptions } from "../../src/options/options.ts";
import {
  prepareTurn,
  readEnding,
  take,
  THREAD_STARTED,
  withTempFolder,
} from "../exec/transport_support.ts";

const outputSchema = {
  type: "object",
  properties: { "grüße 🚀": { type: "string" } },
};

Deno.test("ExecTransport writes the schema to a file that only this user can read", async () => {
  await using fake = await fakeCodex(
    `for last; do :; done
    echo "$last" > "$FAKE_HOME/path"
    echo '${THREAD_STARTED}'
    ${waitingFor("go")}`,
  );
  const left = await withTempFolder(async (folder) => {
    await take(prepareTurn(fake.path, { outputSchema }), async () => {
      const path = await fake.note("path");
      assertEquals(path.startsWith(`${folder}/codex-output-schema-`), true);
      assertMatch(path, /\/schema\.json$/);
      assertEquals(JSON.parse(await Deno.readTextFile(path)), outputSchema);
      const mode = async (path: string): Promise<number> =>
        ((await Deno.stat(path)).mode ?? 0) & 0o777;
      assertEquals(await mode(path), 0o600);
      assertEquals(await mode(path.replace("/schema.json", "")), 0o700);
      await Deno.writeTextFile(`${fake.folder}/go`, "");
    });
  });
  assertEquals(left, []);
});

Deno.test("ExecTransport writes no file without a schema", async () => {
  await using fake = await fakeCodex(printTurn("Done"));
  await withTempFolder(async (folder) => {
    await take(prepareTurn(fake.path), async () => {
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  });
});

const STAYS = `echo '${THREAD_STARTED}'\nexec ${SLEEP}`;

const ENDINGS: [
  ending: "exited" | "aborted" | "protocol_error" | "not_started",
  what: string,
  steps: string | readonly FakeSteps[],
  options?: CodexOptions,
][] = [
  ["exited", "completed", printTurn("Done")],
  ["exited", "with a bad exit", "exit 3"],
  ["aborted", "in the middle", STAYS],
  ["protocol_error", "at an unreadable line", `echo '{oops}'\nexec ${SLEEP}`],
  ["not_started", "with too long arguments", STAYS, {
    // Each is short enough, so only the system reports that they are too long together.
    configOverrides: Array(60).fill(`a="${"x".repeat(100_000)}"`),
  }],
  ["not_started", "with a CLI that does not exist", STAYS, {
    codexPathOverride: "/nowhere/codex",
  }],
];

for (const [type, what, steps, options] of ENDINGS) {
  Deno.test(`ExecTransport removes the schema file of a turn that is ${type} ${what}`, async () => {
    await using fake = await fakeCodex(steps);
    const left = await withTempFolder(async () => {
      const turn = prepareTurn(fake.path, { outputSchema }, options);
      await take(turn, () => type === "aborted" && turn.stop());
      readEnding(turn, type);
    });
    assertEquals(left, []);
  });
}

Deno.test("ExecTransport removes the schema file if the consumer leaves the turn", async () => {
  await using fake = await fakeCodex(STAYS);
  const left = await withTempFolder(async (folder) => {
    for await (const _ of prepareTurn(fake.path, { outputSchema }).run) {
      const names = await Array.fromAsync(Deno.readDir(folder));
      assertEquals(names.length, 1);
      break;
    }
  });
  assertEquals(left, []);
});

Deno.test("ExecTransport removes the schema file if the turn is stopped before it starts", async () => {
  await using fake = await fakeCodex(STAYS);
  const left = await withTempFolder(async () => {
    const signal = AbortSignal.abort({ type: "abandoned" });
    const turn = prepareTurn(fake.path, { outputSchema, signal });
    readEnding(await take(turn), "abandoned");
  });
  assertEquals(left, []);
});
