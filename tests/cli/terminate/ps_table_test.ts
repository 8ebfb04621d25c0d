import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
} from "@std/assert";
import {
  parsePs,
  psAge,
  readPsTable,
} from "../../../src/cli/terminate/ps_table.ts";
import {
  readAges,
  readProcessTable,
} from "../../../src/cli/terminate/process_table.ts";
import { MARKER_NAME } from "../../../src/cli/terminate/marker.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import type { ChildProcess, Runtime } from "../../../src/runtime/types.ts";
import { until } from "../../../src/testing/waiting.ts";

const MARK = `${MARKER_NAME}=abc`;
const START = "Thu Nov 26 11:58:31 2026";
const real = denoRuntime(Deno);

/** This system as if it were macOS: its `ps` accepts the flags of other systems. */
const darwin: Runtime = { ...real, platform: "darwin" };

/** Returns the ids of the marked processes, and of all. */
function idsIn(
  ...lines: readonly string[]
): { marked: number[]; all: number[] } {
  const entries = parsePs(`${lines.join("\n")}\n`, "abc");
  return {
    marked: entries.filter(({ marked }) => marked).map(({ pid }) => pid),
    all: entries.map(({ pid }) => pid),
  };
}

Deno.test("parsePs reads lines as macOS and Linux write them", () => {
  assertEquals(
    parsePs(
      `    1     0 Ss   Wed Nov  4 09:00:00 2026     /sbin/launchd
  312     1 S+   ${START}     /opt/homebrew/bin/node a b ${MARK} HOME=/Users/me
98765   312 R<Ll ${START} codex exec`,
      "abc",
    ),
    [
      { pid: 312, parentPid: 1, startTime: START, marked: true },
      { pid: 98765, parentPid: 312, startTime: START, marked: false },
    ],
  );
});

Deno.test("parsePs accepts a marker alone or followed by a dot, and no other value", () => {
  const line = (pid: number, text: string) => `${pid} 1 S ${START} ${text}`;
  assertEquals(
    idsIn(
      line(11, `sh A=1 ${MARK} B=2`),
      line(12, `sh ${MARK}d`),
      line(13, `sh X${MARK}`),
      line(14, `sh ${MARK}`),
      line(15, `sh ${MARK}.1`),
      line(16, `sh ${MARK}d ${MARK} C=3`),
      line(17, ""),
    ).marked,
    [11, 14, 15, 16],
  );
});

Deno.test("parsePs ignores ended processes, those that may not be signalled, and invalid lines", () => {
  assertEquals(
    idsIn(
      `11 1 Z ${START} <defunct> ${MARK}`,
      `0 0 S ${START} ${MARK}`,
      `1 0 S ${START} ${MARK}`,
      `-1 0 S ${START} ${MARK}`,
      "PID PPID STAT STARTED COMMAND",
      "",
      `12 1 S ${START} sh`,
    ),
    { all: [12], marked: [] },
  );
});

// Facts R41.
Deno.test("parsePs reads multi-line variables, and a forged line does not make a stranger a member", () => {
  const text = `
    20 1 S ${START} sh A={
      1
    } ${MARK}
    21 1 S ${START} sh evil=
    99 20 S ${START} sh ${MARK}
    22 21 S ${START} sh
    99 1 S ${START} editor`;
  const { all, marked } = idsIn(...text.split("\n"));
  assertEquals(marked, [20]);
  // Nor does it become a child of a member.
  assertEquals(all, [20, 21, 22]);
});

Deno.test("parsePs takes time linear in the text", () => {
  const lines = Array(200_000).fill(`x ${MARK}`).join("\n");
  assertEquals(parsePs(`11 1 S ${START} sh\n${lines}`, "abc").length, 1);
});

Deno.test("psAge measures the age in milliseconds, to within a second", () => {
  const start = new Date(Date.now() - 60_000);
  const words = start.toUTCString().replace(
    /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/,
    "$1 $3 $2 $5 $4",
  );
  assertGreaterOrEqual(psAge(words), 59_000);
  assertLessOrEqual(psAge(words), 61_500);
});

Deno.test({
  name: "readProcessTable reads the table of the real ps, without ps itself",
  ignore: Deno.build.os === "windows",
  async fn() {
    const spawned: number[] = [];
    const runtime: Runtime = {
      ...darwin,
      async spawn(command) {
        const ps = await darwin.spawn(command);
        spawned.push(ps.pid);
        return ps;
      },
    };
    const child = new Deno.Command("sleep", {
      args: ["100"],
      env: { [MARKER_NAME]: "mine.1", LINES: "a\nb" },
    }).spawn();
    try {
      const entry = await until("the child", async () => {
        const table = await readProcessTable(runtime, "mine");
        assertEquals(table?.some(({ pid }) => spawned.includes(pid)), false);
        return table?.find(({ pid }) => pid === child.pid);
      });
      assertEquals(entry.parentPid, Deno.pid);
      // macOS hides the environment of its own programs, such as sleep.
      if (Deno.build.os !== "darwin") assert(entry.marked);
      const age = (await readAges(darwin))(entry);
      assert(age > -2000 && age < 60_000, `${age} ms`);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  },
});

Deno.test("readPsTable returns nothing if ps cannot or may not be run, or fails", async () => {
  const failing = async (): Promise<ChildProcess> =>
    await real.spawn({
      program: "/bin/sh",
      args: ["-c", `echo '11 1 S ${START} sh'; exit 1`],
      env: { inherit: true, set: {}, unset: [] },
    });
  for (
    const change of [
      { spawn: () => Promise.reject(new Error("no such program")) },
      // Deno with only --allow-run=/bin/ps could signal none of the processes.
      { mayRun: (program?: string) => program !== undefined },
      ...Deno.build.os === "windows" ? [] : [{ spawn: failing }],
    ]
  ) {
    assertEquals(await readPsTable({ ...darwin, ...change }, "abc"), undefined);
  }
});
