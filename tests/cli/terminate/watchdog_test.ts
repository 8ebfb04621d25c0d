import { assertEquals, assertExists } from "@std/assert";
import { CodexProcess } from "../../../src/exec/process.ts";
import { MARKER_NAME } from "../../../src/cli/terminate/marker.ts";
import { Watchdog } from "../../../src/cli/terminate/watchdog.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import type { ChildProcess, Runtime } from "../../../src/runtime/types.ts";
import { fakeCodex } from "../../support/fake_codex.ts";
import { MINUTE_MS, SLEEP, until } from "../../../src/testing/waiting.ts";
import { processesWith } from "../../exec/process_support.ts";

const real = denoRuntime(Deno);

/** A program that a watchdog guards, started as the CLI is. */
class Watched implements AsyncDisposable {
  readonly marker: string = crypto.randomUUID();
  readonly folder: string = Deno.makeTempDirSync({ prefix: "watched-" });
  readonly child: Deno.ChildProcess;
  /** The watchdog's process, once it is started. */
  shell: ChildProcess | undefined;
  #closeStdin: () => Promise<void> = () => Promise.resolve();

  constructor(script: string, { isMarked = true } = {}) {
    this.child = new Deno.Command("sh", {
      args: ["-c", `${script}\necho ready; exec ${SLEEP}`],
      env: isMarked ? { [MARKER_NAME]: this.marker } : {},
      stdout: "piped",
    }).spawn();
  }

  /** Starts a watchdog once the program is ready. */
  async watch(graceMs = MINUTE_MS): Promise<Watchdog> {
    const reader = this.child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const { marker, folder } = this;
    const watched = { pid: this.child.pid, marker, graceMs, folders: [folder] };
    const watchdog = await Watchdog.start(this.#runtime(), watched);
    assertExists(watchdog);
    return watchdog;
  }

  /** Ends the host as the watchdog sees it: its stdin closes. */
  async hostEnds(): Promise<void> {
    await this.#closeStdin();
    await this.shell?.exited;
  }

  /** Lists the processes with the marker. */
  left(): Promise<string[]> {
    return processesWith(`${MARKER_NAME}=${this.marker}`);
  }

  hasFolder(): Promise<boolean> {
    return Deno.stat(this.folder).then(() => true, () => false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    for (const line of await this.left()) {
      try {
        Deno.kill(Number.parseInt(line), "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.child.status;
    if (await this.hasFolder()) await Deno.remove(this.folder);
  }

  /** Returns the real runtime, except that the test can close the watchdog's stdin. */
  #runtime(): Runtime {
    return {
      ...real,
      spawn: async (command) => {
        const shell = await real.spawn(command);
        this.shell = shell;
        this.#closeStdin = () => shell.stdin.close();
        return shell;
      },
    };
  }
}

Deno.test("Watchdog exits when it is dismissed, and touches nothing", async () => {
  await using watched = new Watched("");
  const watchdog = await watched.watch();
  await watchdog.dismiss();
  assertEquals(await watched.shell?.exited, { exitCode: 0, signal: null });
  // Dismissing it again does no harm.
  await watchdog.dismiss();
  assertEquals((await watched.left()).length, 1);
  assertEquals(await watched.hasFolder(), true);
});

Deno.test("Watchdog ends the CLI with SIGINT when the host has ended, and removes its folders", async () => {
  await using watched = new Watched("");
  await watched.watch();
  await watched.hostEnds();
  assertEquals((await watched.child.status).signal, "SIGINT");
  assertEquals(await watched.left(), []);
  assertEquals(await watched.hasFolder(), false);
});

Deno.test("Watchdog escalates to SIGTERM and SIGKILL", async () => {
  await using one = new Watched("trap '' INT");
  await using other = new Watched("trap '' INT TERM");
  await Promise.all([one.watch(1000), other.watch(300)]);
  await Promise.all([one.hostEnds(), other.hostEnds()]);
  assertEquals((await one.child.status).signal, "SIGTERM");
  assertEquals((await other.child.status).signal, "SIGKILL");
});

Deno.test({
  name:
    "Watchdog ends processes that detached from the CLI, even if they ignore SIGTERM",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using watched = new Watched(
      `(setsid ${SLEEP} > /dev/null 2>&1 &)
      (trap '' TERM; setsid ${SLEEP} > /dev/null 2>&1 &)`,
    );
    await watched.watch(500);
    await until(
      "the program and the two that have left it",
      async () => (await watched.left()).length >= 3 || undefined,
    );
    await watched.hostEnds();
    assertEquals(await watched.left(), []);
    assertEquals(await watched.hasFolder(), false);
  },
});

Deno.test({
  name: "Watchdog signals no process without the marker",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // The CLI has exited, and another process has its id.
    await using watched = new Watched("", { isMarked: false });
    await watched.watch();
    await watched.hostEnds();
    assertEquals(await watched.hasFolder(), false);
    watched.child.kill("SIGKILL");
    assertEquals((await watched.child.status).signal, "SIGKILL");
  },
});

Deno.test("Watchdog survives the signals that a terminal sends to all its processes", async () => {
  await using watched = new Watched("");
  await watched.watch();
  const pid = watched.shell?.pid;
  assertExists(pid);
  await started(pid);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.kill(pid, signal);
  }
  await watched.hostEnds();
  assertEquals(await watched.shell?.exited, { exitCode: 0, signal: null });
  assertEquals((await watched.child.status).signal, "SIGINT");
});

Deno.test("Watchdog.start returns nothing on Windows, without permission, or if it cannot be started", async () => {
  const watched = { pid: 1, marker: "m", graceMs: 1, folders: [] };
  const spawn = () => Promise.reject(new Error("no such program"));
  for (
    const change of [
      { platform: "win32" },
      { mayRun: () => false },
      { spawn },
    ]
  ) {
    const runtime = { ...real, ...change };
    assertEquals(await Watchdog.start(runtime, watched), undefined);
  }
});

/** Waits until a shell reads its stdin: its traps are set by then. */
async function started(pid: number): Promise<void> {
  if (Deno.build.os !== "linux") return;
  await until("a watchdog that ignores the terminal's signals", async () => {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    // SIGHUP, SIGINT and SIGTERM are bits 0, 1 and 14.
    const ignored = /^SigIgn:\s*(\w+)/m.exec(status)?.[1] ?? "0";
    const bits = Number.parseInt(ignored.slice(-4), 16) & 0x4003;
    return bits === 0x4003 || undefined;
  });
}

Deno.test("CodexProcess.start starts the watchdog before the CLI gets any of its prompt", async () => {
  await using fake = await fakeCodex("cat > /dev/null");
  const order: string[] = [];
  const process = await CodexProcess.start(
    {
      ...real,
      async spawn(command): Promise<ChildProcess> {
        order.push(command.program);
        const child = await real.spawn(command);
        if (command.program !== fake.path) return child;
        const { stdin } = child;
        return {
          ...child,
          stdin: {
            write(bytes): Promise<void> {
              order.push(new TextDecoder().decode(bytes));
              return stdin.write(bytes);
            },
            close: () => stdin.close(),
            abort: () => stdin.abort(),
          },
        };
      },
    },
    {
      program: fake.path,
      args: [],
      env: { inherit: true, set: {}, unset: [] },
    },
    "Do it",
  );
  await process.close({ orphans: "keep" });
  assertEquals(order, [fake.path, "/bin/sh", "Do it"]);
});
