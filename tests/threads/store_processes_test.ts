import { assertEquals } from "@std/assert";
import { FolderThreadStore } from "../../threads.ts";
import { IDS } from "./bundles.ts";
import { namesIn, withFolder } from "./support.ts";

/** How many processes save, and how often each succeeds. */
const PROCESSES = 4;
const SAVES = 25;

Deno.test("processes that save one thread lose no save of each other", async () => {
  await withFolder(async (folder) => {
    const [id] = IDS;
    const children = Array.from(
      { length: PROCESSES },
      () =>
        new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "--no-prompt", "--no-check", "--quiet"],
            ...[`--allow-read=${folder}`, `--allow-write=${folder}`],
            `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
            new URL("counting_program.ts", import.meta.url).pathname,
            ...[folder, id, String(SAVES)],
          ],
        }).output(),
    );
    for (const { code, stderr } of await Promise.all(children)) {
      assertEquals(code, 0, new TextDecoder().decode(stderr));
    }
    const stored = await new FolderThreadStore(folder).load(id);
    // Each save counts one on from what it replaces.
    assertEquals(
      new TextDecoder().decode(stored?.bundle),
      String(PROCESSES * SAVES),
    );
    assertEquals(stored?.version, String(PROCESSES * SAVES));
    assertEquals(namesIn(`${folder}/${id}`).length, 2);
  });
});

Deno.test("what a killed process has left of a save goes with a later one", async () => {
  await withFolder(async (folder) => {
    const [id] = IDS;
    const store = new FolderThreadStore(folder);
    const first = await store.save(id, Uint8Array.of(1), null);
    await Deno.writeTextFile(`${folder}/${id}/2-killed.tmp`, "half");
    // A number that is free again, and a file that is nobody's.
    await Deno.writeTextFile(`${folder}/${id}/notes.txt`, "mine");
    let version = first;
    for (let save = 0; save < 5; save++) {
      version = await store.save(id, Uint8Array.of(save), version);
    }
    assertEquals(namesIn(`${folder}/${id}`), [
      "5.bundle",
      "6.bundle",
      "notes.txt",
    ]);
    for (const name of namesIn(`${folder}/${id}`)) {
      if (!name.endsWith(".bundle")) continue;
      const { mode } = await Deno.stat(`${folder}/${id}/${name}`);
      assertEquals((mode ?? 0) & 0o777, 0o600);
    }
  });
});
