import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { locateCodex } from "../../../src/cli/locate/locate.ts";
import { distrust } from "../../../src/cli/locate/trust.ts";
import { CodexExecutableNotFoundError } from "../../../src/errors/turn_errors.ts";
import type { Ownership } from "../../../src/runtime/types.ts";
import { runtimeOn, Tree } from "./npm_tree.ts";

/**
 * Returns the ownership of a file or folder of a user to which no other user can write.
 */
function of(ownerId: number): Ownership {
  return { ownerId, isOpenToAll: false };
}

const OPEN: Ownership = { ownerId: 0, isOpenToAll: true };

/** A `node_modules`, the folder it is in, and why user 1000 does not trust it. */
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
  Deno.test(`distrust: a node_modules ${what}: ${why ?? "trusted"}`, () => {
    assertEquals(distrust(new Set([1000]), modules, folder), why);
  });
}

Deno.test("distrust trusts the node_modules of the owner of the running program", () => {
  assertEquals(distrust(new Set([0, 1000]), of(1000), of(1000)), undefined);
});

Deno.test("locateCodex runs nothing from a node_modules in a folder that every user can write to", async () => {
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

Deno.test("locateCodex does not use a platform package from such a folder either", async () => {
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
  // Only root can change a folder's owner.
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
    // Packages of the running program's owner are trusted.
    await Deno.chown(entry, 65534, 65534);
    assertEquals(await locateCodex(runtimeOn({}), undefined, entry), expected);
  },
});
