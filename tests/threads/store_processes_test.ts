import { assertEquals, assertRejects } from "@std/assert";
import fs from "node:fs/promises";
import { CodexThreadConflictError, FolderThreadStore } from "../../threads.ts";
import { IDS } from "./bundles.ts";
import { namesIn, withFolder } from "./support.ts";

/** The number of processes that save, and how often each succeeds. */
const PROCESSES = 4;
const SAVES = 25;

Deno.test("processes that save one thread do not lose each other's saves", async () => {
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
    // Each save adds one to the number that it replaces.
    assertEquals(
      new TextDecoder().decode(stored?.bundle),
      String(PROCESSES * SAVES),
    );
    assertEquals(stored?.version, String(PROCESSES * SAVES));
    assertEquals(namesIn(`${folder}/${id}`).length, 2);
  });
});

Deno.test("a process that is suspended before it writes overwrites nothing", async () => {
  await withFolder(async (folder) => {
    const [id] = IDS;
    const store = new FolderThreadStore(folder);
    let version = await store.save(id, Uint8Array.of(1), null);
    const { link } = fs;
    let wake: () => void = () => {};
    const frozen = new Promise<void>((resolve) => wake = resolve);
    const reached = new Promise<void>((resolve) => {
      fs.link = async (from, to): Promise<void> => {
        fs.link = link;
        resolve();
        await frozen;
        await link(from, to);
      };
    });
    const late = assertRejects(
      () => store.save(id, Uint8Array.of(99), version),
      CodexThreadConflictError,
    );
    await reached;
    const [temporary = ""] = namesIn(`${folder}/${id}`)
      .filter((name) => name.endsWith(".tmp"));
    const content = await Deno.readFile(`${folder}/${id}/${temporary}`);
    for (let save = 2; save < 7; save++) {
      version = await store.save(id, Uint8Array.of(save), version);
    }
    // A later save removed the temporary file. Even if it is restored, the save is
    // found to be outdated.
    await Deno.writeFile(`${folder}/${id}/${temporary}`, content);
    wake();
    await late;
    const stored = await store.load(id);
    assertEquals([...stored?.bundle ?? []], [6]);
    assertEquals(namesIn(`${folder}/${id}`), ["5.bundle", "6.bundle"]);
  });
});

Deno.test("a later save removes what a killed process has left", async () => {
  await withFolder(async (folder) => {
    const [id] = IDS;
    const store = new FolderThreadStore(folder);
    const first = await store.save(id, Uint8Array.of(1), null);
    await Deno.writeTextFile(`${folder}/${id}/2-killed.tmp`, "half");
    // A file that does not belong to the store.
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
