import { assertEquals, assertRejects } from "@std/assert";
import { CodexInputError } from "../../mod.ts";
import { printTurn } from "../support/fake_codex.ts";
import { fakeClient } from "./support.ts";

Deno.test("additionalDirectories rejects a path that is not a folder before the CLI is started, and names its index", async () => {
  await using fake = await fakeClient("exit 3");
  const folder = fake.folder;
  await Deno.writeTextFile(`${folder}/a file`, "");
  await Deno.mkdir(`${folder}/work/inner`, { recursive: true });
  const cases: [directory: string, reason: string][] = [
    [`${folder}/nowhere`, `"${folder}/nowhere"`],
    [`${folder}/a file`, `"${folder}/a file"`],
    ["nowhere", `"${folder}/work/nowhere"`],
    ["../a file/x", `"${folder}/work/../a file/x"`],
  ];
  for (const [directory, shown] of cases) {
    const thread = fake.codex.startThread({
      workingDirectory: `${folder}/work`,
      sandboxMode: "workspace-write",
      additionalDirectories: ["inner", directory],
    });
    const error = await assertRejects(() => thread.run("Hi"), CodexInputError);
    assertEquals(error.path, "additionalDirectories[1]");
    const reason = directory === `${folder}/a file`
      ? "it is not a folder"
      : "the folder does not exist";
    assertEquals(
      error.message,
      `Cannot add ${shown} at additionalDirectories[1]: ${reason}`,
    );
  }
  assertEquals(fake.starts(), 0);
});

Deno.test("additionalDirectories resolves against workingDirectory, and is sent unchanged", async () => {
  await using fake = await fakeClient([printTurn("Done")]);
  await Deno.mkdir(`${fake.folder}/work/inner`, { recursive: true });
  const directories = ["inner", ".", "..", fake.folder];
  const turn = await fake.codex.startThread({
    workingDirectory: `${fake.folder}/work`,
    sandboxMode: "workspace-write",
    additionalDirectories: directories,
  }).run("Hi");
  const args = fake.requests[0]?.argv ?? [];
  assertEquals(
    args.flatMap((arg, index) => arg === "--add-dir" ? args[index + 1] : []),
    directories,
  );
  assertEquals(turn.warnings, []);
});

Deno.test("additionalDirectories without effect adds one warning to the turn", async () => {
  await using fake = await fakeClient(printTurn("no JSON"));
  const thread = fake.codex.startThread({
    additionalDirectories: [fake.folder],
  });
  const turn = await thread.run("Hi", {
    outputSchema: { type: "object" },
    repair: 1,
  });
  assertEquals(turn.attempts.length, 2);
  assertEquals(
    turn.warnings.filter((text) => text.startsWith("additionalDirectories")),
    [
      'additionalDirectories has no effect without a sandboxMode: it needs "workspace-write"',
    ],
  );
});
