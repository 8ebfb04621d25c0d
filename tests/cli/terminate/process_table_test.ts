import { assert, assertEquals } from "@std/assert";
import {
  parseStat,
  readProcessTable,
} from "../../../src/cli/terminate/process_table.ts";
import { MARKER_NAME } from "../../../src/cli/terminate/marker.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import type { Runtime } from "../../../src/runtime/types.ts";

const FIELDS = "S 7 10 10 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 5555 6 7";

Deno.test("parseStat reads the id, the parent and the start, whatever the name contains", () => {
  for (const name of ["sh", "a b", "a) S 99 (b", ")", "\n"]) {
    assertEquals(parseStat(`12 (${name}) ${FIELDS}\n`), {
      pid: 12,
      parentPid: 7,
      startTime: "5555",
    });
  }
});

Deno.test("parseStat ignores ended processes and invalid lines", () => {
  const ended = ["Z", "X"].map((state) => FIELDS.replace("S", state));
  for (
    const text of [...ended.map((each) => `12 (sh) ${each}`), "", "12 (sh)"]
  ) {
    assertEquals(parseStat(text), undefined);
  }
});

/** Simulates a system whose files are in a record. */
function pretended(
  files: { readonly [path: string]: string },
  platform = "linux",
): Runtime {
  const names = [...Object.keys(files).map((path) => path.split("/")[2])];
  return {
    platform,
    listFolder: () => Promise.resolve([...new Set(names), "self", "meminfo"]),
    readText: (path: string) =>
      files[path] === undefined
        ? Promise.reject(new Error("not there"))
        : Promise.resolve(files[path]),
  } as Partial<Runtime> as Runtime;
}

Deno.test("readProcessTable finds processes with the marker, and accepts no other value for it", async () => {
  const stat = (pid: number): string => `${pid} (sh) ${FIELDS}`;
  const table = await readProcessTable(
    pretended({
      "/proc/11/stat": stat(11),
      "/proc/11/environ": `A=1\0${MARKER_NAME}=abc\0B=2`,
      "/proc/12/stat": stat(12),
      "/proc/12/environ": `${MARKER_NAME}=abcd\0`,
      "/proc/13/stat": stat(13),
      "/proc/13/environ": `X${MARKER_NAME}=abc\0`,
      // A part of the marked whole, such as a thread of a server.
      "/proc/16/stat": stat(16),
      "/proc/16/environ": `${MARKER_NAME}=abc.1\0`,
      // Another user's process: its environment cannot be read.
      "/proc/14/stat": stat(14),
      // It ended while the table was read.
      "/proc/15/environ": `${MARKER_NAME}=abc\0`,
    }),
    "abc",
  );
  assertEquals(table?.map(({ pid, marked }) => [pid, marked]), [
    [11, true],
    [12, false],
    [13, false],
    [16, true],
    [14, false],
  ]);
});

Deno.test("readProcessTable returns nothing if the system does not list processes", async () => {
  for (const platform of ["win32", "freebsd"]) {
    assertEquals(
      await readProcessTable(pretended({}, platform), "abc"),
      undefined,
    );
  }
  const closed = {
    platform: "linux",
    listFolder: () => Promise.reject(new Error("not permitted")),
  } as Partial<Runtime> as Runtime;
  assertEquals(await readProcessTable(closed, "abc"), undefined);
});

Deno.test({
  name: "readProcessTable reads the system's own table",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const child = new Deno.Command("sleep", {
      args: ["30"],
      env: { [MARKER_NAME]: "mine" },
    }).spawn();
    try {
      const table = await readProcessTable(denoRuntime(Deno), "mine");
      const entry = table?.find(({ pid }) => pid === child.pid);
      assertEquals([entry?.parentPid, entry?.marked], [Deno.pid, true]);
      assert(Number(entry?.startTime) > 0);
      assertEquals(table?.some(({ pid }) => pid === Deno.pid), true);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  },
});
