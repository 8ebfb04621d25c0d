/** The CLI's version, which turns ask for together. @module */

import { assertEquals } from "@std/assert";
import { currentRuntime } from "../../src/runtime/current.ts";
import {
  askVersionOnce,
  knownVersion,
  type VersionProbe,
} from "../../src/exec/version_probe.ts";
import { type FakeCodex, fakeCodex, script } from "../support/fake_codex.ts";

/** A fake CLI that hangs when first asked, and answers after that. */
function firstStays(): Promise<FakeCodex> {
  return fakeCodex([
    script(`echo >> "$FAKE_HOME/asked"
if [ "$(wc -l < "$FAKE_HOME/asked")" -eq 1 ]; then sleep 60; fi
echo "codex-cli 0.140.0"
exit 0`),
  ]);
}

function ask({ path }: FakeCodex): VersionProbe {
  return askVersionOnce(
    currentRuntime(),
    {
      program: path,
      args: [],
      env: { inherit: true, set: {}, unset: [] },
      cwd: undefined,
    },
    { graceMs: 200, endWithHost: undefined },
  );
}

Deno.test("when the turn that asked ends, the turns that share its probe ask again, once for all", async () => {
  await using fake = await firstStays();
  const first = ask(fake);
  const others = [ask(fake), ask(fake)];
  await fake.note("asked");
  await first.end();
  assertEquals(await first.result, null);
  assertEquals(await Promise.all(others.map(({ result }) => result)), [
    "0.140.0",
    "0.140.0",
  ]);
  assertEquals(knownVersion(fake.path), "0.140.0");
  assertEquals(fake.lines("asked").length, 2);
  await Promise.all(others.map((other) => other.end()));
});

Deno.test("a turn that has ended does not ask again", async () => {
  await using fake = await firstStays();
  const first = ask(fake);
  const other = ask(fake);
  await fake.note("asked");
  await other.end();
  await first.end();
  assertEquals(await other.result, null);
  assertEquals(knownVersion(fake.path), undefined);
  assertEquals(fake.lines("asked").length, 1);
});

Deno.test("a turn that asks again ends its own probe", async () => {
  await using fake = await fakeCodex([
    script(`echo >> "$FAKE_HOME/asked"; sleep 60`),
  ]);
  const first = ask(fake);
  const other = ask(fake);
  await fake.note("asked");
  await first.end();
  await first.result;
  await other.end();
  assertEquals(await other.result, null);
  assertEquals(knownVersion(fake.path), undefined);
});
