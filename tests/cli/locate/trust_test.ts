import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { locateCodex } from "../../../src/cli/locate/locate.ts";
import { distrust } from "../../../src/cli/locate/trust.ts";
import { CodexExecutableNotFoundError } from "../../../src/errors/turn_errors.ts";
import type { Ownership } from "../../../src/runtime/types.ts";
import { runtimeOn, Tree } from "./npm_tree.ts";

/** A file or folder of a user, which nobody else may write to. */
function of(ownerId: number): Ownership {
  return { ownerId, isOpenToAll: false };
}

const OPEN: Ownership = { ownerId: 0, isOpenToAll: true };

/** A `node_modules`, the folder it is in, and why user 1000 takes nothing from it. */
const CASES: readonly [
  what: string,
  modules: Ownership | undefined,
  folder: Ownership | undefined,
  why: string | undefined,
][] = [
  ["of this user", of(1000), of(1000), undefined],
  ["of root", of(0), of(0), undefined],
  ["of root in another user's folder", of(0), of(7), undefined],
  ["of another user", of(7), of(1000), "it belongs to another user (7)"],
  ["open to all", OPEN, of(0), "every user can write to it"],
  [
    "of this user in a folder that is open to all",
    of(1000),
    OPEN,
    "every user can write to the folder it is in",
  ],
  ["on a system without owners", undefined, undefined, undefined],
];

for (const [what, modules, folder, why] of CASES) {
  Deno.test(`distrust: a node_modules ${what} is ${why ?? "taken"}`, () => {
    assertEquals(distrust(new Set([1000]), modules, folder), why);
  });
}

Deno.test("distrust takes the node_modules of whoever owns the program that runs", () => {
  assertEquals(distrust(new Set([0, 1000]), of(1000), of(1000)), undefined);
});

Deno.test("locateCodex runs nothing from a node_modules in a folder that every user may write to", async () => {
  await using tree = await Tree.make();
  const shared = await tree.folder("shared");
  await tree.npmPackage("shared/node_modules");
  await tree.platformPackage("shared/node_modules");
  const entry = await tree.entry("shared/bot/src");
  await locateCodex(runtimeOn({}), undefined, entry);
  await Deno.chmod(shared, 0o1777);
  const error = await assertRejects(
    () => locateCodex(runtimeOn({}), undefined, entry),
    CodexExecutableNotFoundError,
  );
  assertStringIncludes(
    error.message,
    `programs in "${shared}/node_modules" are not run: every user can write to the folder it is in`,
  );
});

Deno.test("locateCodex takes the platform package from no such folder either", async () => {
  await using tree = await Tree.make();
  const shared = await tree.folder("shared");
  await tree.npmPackage("shared/bot/node_modules");
  await tree.platformPackage("shared/node_modules");
  const entry = await tree.entry("shared/bot/src");
  await locateCodex(runtimeOn({}), undefined, entry);
  await Deno.chmod(shared, 0o1777);
  await assertRejects(
    () => locateCodex(runtimeOn({}), undefined, entry),
    CodexExecutableNotFoundError,
    "are not run",
  );
});

Deno.test({
  name: "locateCodex runs nothing from the node_modules of another user",
  // Only root can give a folder away.
  ignore: Deno.uid() !== 0,
  async fn() {
    await using tree = await Tree.make();
    await tree.npmPackage("node_modules");
    const expected = await tree.platformPackage("node_modules");
    const entry = await tree.entry("bot");
    await Deno.chown(tree.at("node_modules"), 65534, 65534);
    await assertRejects(
      () => locateCodex(runtimeOn({}), undefined, entry),
      CodexExecutableNotFoundError,
      "it belongs to another user (65534)",
    );
    // Whose program runs, whose packages are run.
    await Deno.chown(entry, 65534, 65534);
    assertEquals(await locateCodex(runtimeOn({}), undefined, entry), expected);
  },
});
