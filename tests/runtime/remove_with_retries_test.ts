import { assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
import { removeWithRetries } from "../../src/runtime/remove_with_retries.ts";

/** A removal that fails with these codes, one after the other, and then succeeds. */
function failing(
  ...codes: readonly string[]
): { remove: () => Promise<void>; left: string[] } {
  const left = [...codes];
  const remove = (): Promise<void> => {
    const code = left.shift();
    return code === undefined
      ? Promise.resolve()
      : Promise.reject(Object.assign(new Error(code), { code }));
  };
  return { remove, left };
}

Deno.test("removeWithRetries removes a folder that is in use for a moment", async () => {
  const begun = performance.now();
  const { remove, left } = failing("EBUSY", "EPERM");
  await removeWithRetries(remove);
  assertEquals(left, []);
  assertGreaterOrEqual(performance.now() - begun, 298);
});

Deno.test("removeWithRetries gives up at once on permanent errors, and after all retries on others", async () => {
  const forbidden = failing("EACCES", "EACCES");
  await assertRejects(() => removeWithRetries(forbidden.remove), Error, "EAC");
  assertEquals(forbidden.left.length, 1);
  const stuck = failing(...Array(7).fill("EBUSY"));
  await assertRejects(() => removeWithRetries(stuck.remove), Error, "EBUSY");
  assertEquals(stuck.left.length, 1);
});
