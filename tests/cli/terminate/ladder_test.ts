import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import {
  endOrphans,
  terminate,
  type TerminationTarget,
} from "../../../src/cli/terminate/ladder.ts";
import { MINUTE_MS, until } from "../../../src/testing/waiting.ts";
import type {
  ChildProcess,
  EndingSignal,
  ExitStatus,
  PipeReader,
  Runtime,
} from "../../../src/runtime/types.ts";

const MARKER = "5f2c";
const CHILD = 10;

/** A process of the simulated system. */
interface Pretended {
  pid: number;
  parentPid?: number;
  startTime?: string;
  marked?: boolean;
  /** The signals that it ignores. */
  ignores?: readonly EndingSignal[];
  /** Called when a signal ends it. */
  onEnd?: () => void;
}

/**
 * A simulated system with a child. A process ends on the signals that it does not
 * ignore.
 */
class System {
  readonly processes = new Map<number, Pretended>();
  /** The signals that were sent, in order: `SIGINT 10`. */
  readonly signals: string[] = [];
  readonly child: ChildProcess;
  readonly runtime: Runtime;
  #exit: (status: ExitStatus) => void = () => {};

  constructor(
    child: Omit<Pretended, "pid">,
    others: readonly Pretended[] = [],
    { hidden = false, platform = "linux" } = {},
  ) {
    for (const each of [{ pid: CHILD, ...child }, ...others]) this.add(each);
    const exited = new Promise<ExitStatus>((resolve) => this.#exit = resolve);
    const kill = (pid: number, signal: EndingSignal): void =>
      this.#signal(pid, signal);
    this.child = {
      pid: CHILD,
      exited,
      kill: (signal: EndingSignal) => kill(CHILD, signal),
    } as ChildProcess;
    this.runtime = {
      platform,
      kill,
      listFolder: () =>
        hidden
          ? Promise.reject(new Error("hidden"))
          : Promise.resolve(["self", ...this.processes.keys()].map(String)),
      readText: (path: string) => {
        const [, , pid, file] = path.split("/");
        const found = this.processes.get(Number(pid));
        return found === undefined
          ? Promise.reject(new Error("gone"))
          : Promise.resolve(file === "stat" ? stat(found) : environ(found));
      },
    } as Partial<Runtime> as Runtime;
  }

  add(process: Pretended): void {
    this.processes.set(process.pid, process);
  }

  /** Ends the child, with an exit code or by a signal. */
  end(signal: string | null = null): void {
    this.processes.delete(CHILD);
    this.#exit({ exitCode: signal === null ? 0 : null, signal });
  }

  target(graceMs = 40): TerminationTarget {
    const { runtime, child } = this;
    return { runtime, child, marker: MARKER, graceMs };
  }

  #signal(pid: number, signal: EndingSignal): void {
    this.signals.push(`${signal} ${pid}`);
    const process = this.processes.get(pid);
    if (process === undefined || process.ignores?.includes(signal)) return;
    this.processes.delete(pid);
    for (const each of this.processes.values()) {
      if (each.parentPid === pid) each.parentPid = 1;
    }
    process.onEnd?.();
    if (pid === CHILD) this.end(signal);
  }
}

function stat({ pid, parentPid = 1, startTime = "7" }: Pretended): string {
  const zeros = "0 ".repeat(17);
  return `${pid} (a) b) S ${parentPid} ${zeros}${startTime} 0`;
}

function environ({ marked = false }: Pretended): string {
  return marked ? `A=1\0ACODEX_TURN=${MARKER}\0` : "A=1\0";
}

Deno.test("terminate ends a child that obeys with SIGINT alone", async () => {
  const system = new System({});
  await terminate(system.target());
  assertEquals(system.signals, [`SIGINT ${CHILD}`]);
});

Deno.test("terminate escalates to SIGTERM and SIGKILL, each after its grace", async () => {
  const system = new System({ ignores: ["SIGINT", "SIGTERM"] });
  const begun = performance.now();
  await terminate(system.target());
  assertGreaterOrEqual(performance.now() - begun, 78);
  assertEquals(
    system.signals,
    ["SIGINT", "SIGTERM", "SIGKILL"].map((signal) => `${signal} ${CHILD}`),
  );
});

Deno.test("terminate resolves after three graces, even if a process hangs in the kernel", async () => {
  const all = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
  const system = new System({ ignores: all });
  const begun = performance.now();
  await terminate(system.target());
  assertLess(performance.now() - begun, MINUTE_MS);
  assertEquals(system.signals.length, 3);
});

Deno.test("terminate sends SIGINT to the child alone, and SIGTERM to the processes that stay", async () => {
  const system = new System({}, [
    { pid: 11, parentPid: CHILD },
    { pid: 12, parentPid: 11 },
    { pid: 13, marked: true },
    { pid: 14 },
  ]);
  await terminate(system.target());
  // Recorded earlier, the two below the child are found although nothing links them any
  // more.
  assertEquals(system.signals, [
    `SIGINT ${CHILD}`,
    "SIGTERM 11",
    "SIGTERM 12",
    "SIGTERM 13",
  ]);
  assertEquals([...system.processes.keys()], [14]);
});

Deno.test("terminate sends SIGKILL to processes that were started while it was sent", async () => {
  const system = new System({ ignores: ["SIGINT", "SIGTERM"] }, [{
    pid: 11,
    parentPid: CHILD,
    ignores: ["SIGTERM"],
    // Its last child exists only after the table has been read.
    onEnd: () => system.add({ pid: 12, marked: true, ignores: ["SIGTERM"] }),
  }]);
  await terminate(system.target(300));
  assertEquals([...system.processes.keys()], []);
  assertEquals(system.signals.slice(-3), [
    `SIGKILL ${CHILD}`,
    "SIGKILL 11",
    "SIGKILL 12",
  ]);
});

Deno.test("terminate does not signal a process that reuses the id of an ended one", async () => {
  const system = new System({ ignores: ["SIGINT"] }, [
    { pid: 11, parentPid: CHILD },
  ]);
  const ending = terminate(system.target(200));
  await until("the first signal", () => system.signals[0]);
  system.add({ pid: 11, startTime: "8" });
  await ending;
  assertEquals(system.signals.includes("SIGTERM 11"), false);
  assertEquals([...system.processes.keys()], [11]);
});

Deno.test("terminate signals the child alone if processes are not listed", async () => {
  for (const options of [{ hidden: true }, { platform: "freebsd" }]) {
    const system = new System(
      { ignores: ["SIGINT"] },
      [{ pid: 11, parentPid: CHILD }],
      options,
    );
    await terminate(system.target());
    assertEquals(system.signals, [`SIGINT ${CHILD}`, `SIGTERM ${CHILD}`]);
  }
});

Deno.test("endOrphans ends what an exited child left behind, and nothing else", async () => {
  const system = new System({}, [
    { pid: 11, marked: true, ignores: ["SIGTERM"] },
    { pid: 12 },
  ]);
  system.end();
  await endOrphans(system.target());
  assertEquals(system.signals[0], "SIGTERM 11");
  assertEquals([...system.processes.keys()], [12]);
  const before = system.signals.length;
  await endOrphans(system.target());
  assertEquals(system.signals.length, before);
});

Deno.test("terminate and endOrphans find a process whose parent ended before it was read", async () => {
  for (const end of [terminate, endOrphans]) {
    const system = new System({});
    const { readText } = system.runtime;
    Object.assign(system.runtime, {
      readText: (path: string) => {
        if (path === "/proc/11/stat") {
          system.processes.delete(11);
          system.add({ pid: 12, marked: true });
        }
        return readText(path);
      },
    });
    // Does not exist when terminate() first reads the table.
    const fork = () => system.add({ pid: 11, marked: true });
    if (end === endOrphans) {
      system.end();
      fork();
    } else {
      system.add({ pid: CHILD, onEnd: fork });
    }
    await end(system.target());
    assertEquals([...system.processes.keys()], []);
    assertEquals(system.signals.at(-1), "SIGTERM 12");
  }
});

/** A pipe without output. */
const nothing: PipeReader = {
  read: () => Promise.resolve(undefined),
  cancel: () => Promise.resolve(),
};

/** A command started on Windows, and whether the child still existed. */
type Started = [command: string, isChildThere: boolean];

/**
 * Simulates Windows, where the system's own tool ends a process tree if it can be
 * started.
 */
function windows(
  { env = {}, canStart = true, mayRun = true, toolMs = 0 }: {
    env?: { readonly [name: string]: string };
    canStart?: boolean;
    mayRun?: boolean;
    /** The tool's duration: it ends the tree at its end. */
    toolMs?: number;
  } = {},
): { system: System; started: Started[]; ended: string[] } {
  const system = new System({}, [], { platform: "win32" });
  const started: Started[] = [];
  /** Records `tree` when the tool ends the tree, and `tool` when the tool itself is ended. */
  const ended: string[] = [];
  Object.assign(system.runtime, {
    env: (name: string) => env[name],
    mayRun: () => mayRun,
    spawn: (
      { program, args }: { program: string; args: readonly string[] },
    ): Promise<ChildProcess> => {
      // Asserted by the test: an error thrown here would count as a missing tool.
      started.push([[program, ...args].join(" "), system.processes.has(CHILD)]);
      if (!canStart) return Promise.reject(new Error("not permitted"));
      const over = Promise.withResolvers<ExitStatus>();
      const timer = setTimeout(() => {
        // If the child has exited, the tool finds nothing below it.
        if (system.processes.has(CHILD)) ended.push("tree");
        system.end("SIGKILL");
        over.resolve({ exitCode: 0, signal: null });
      }, toolMs);
      return Promise.resolve({
        pid: 20,
        stdin: {
          write: () => Promise.resolve(),
          close: () => Promise.resolve(),
          abort: () => Promise.resolve(),
        },
        stdout: nothing,
        stderr: nothing,
        chunksOwnBuffer: true,
        exited: over.promise,
        kill: () => {
          clearTimeout(timer);
          ended.push("tool");
        },
      });
    },
  });
  return { system, started, ended };
}

Deno.test("terminate on Windows ends the tree with the system's own taskkill, by its full path, before the child exits", async () => {
  const roots: [env: { [name: string]: string }, root: string][] = [
    [{ SystemRoot: "D:\\Win" }, "D:\\Win"],
    [{}, "C:\\Windows"],
  ];
  for (const [env, root] of roots) {
    const { system, started } = windows({ env });
    await terminate(system.target());
    await endOrphans(system.target());
    assertEquals(started, [
      [`${root}\\System32\\taskkill.exe /pid ${CHILD} /T /F`, true],
    ]);
    assertEquals(system.processes.size, 0);
  }
});

Deno.test("terminate on Windows waits two of the three graces for taskkill, and ends one that hangs", async () => {
  const slow = windows({ toolMs: 150 });
  await terminate(slow.system.target(100));
  assertEquals(slow.ended[0], "tree");
  const stuck = windows({ toolMs: MINUTE_MS });
  const begun = performance.now();
  await terminate(stuck.system.target(50));
  assertEquals(stuck.ended, ["tool"]);
  assertEquals(stuck.system.signals, [`SIGKILL ${CHILD}`]);
  assertGreaterOrEqual(performance.now() - begun, 148);
});

Deno.test("terminate on Windows ends the child alone if taskkill cannot or may not be run", async () => {
  for (const options of [{ canStart: false }, { mayRun: false }]) {
    const { system, started } = windows(options);
    await terminate(system.target());
    assertEquals(started.length, options.mayRun === false ? 0 : 1);
    assertEquals(system.signals, [`SIGKILL ${CHILD}`]);
    assertEquals(system.processes.size, 0);
  }
});
