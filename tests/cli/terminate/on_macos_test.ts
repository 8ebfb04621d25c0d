/**
 * Ends processes of this system as if it were macOS: they are found by the real `ps`,
 * and by the watchdog without `/proc`, in each shell that a system may have.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  endMarked,
  endOrphans,
  terminate,
} from "../../../src/cli/terminate/ladder.ts";
import { MARKER_NAME } from "../../../src/cli/terminate/marker.ts";
import { WATCHDOG_SCRIPT } from "../../../src/cli/terminate/watchdog.ts";
import { denoRuntime } from "../../../src/runtime/deno.ts";
import type { ChildProcess, Runtime } from "../../../src/runtime/types.ts";
import { endProcess, isRunning } from "../../../src/testing/processes.ts";
import { MINUTE_MS, SLEEP, until } from "../../../src/testing/waiting.ts";

const real = denoRuntime(Deno);
const darwin: Runtime = { ...real, platform: "darwin" };

// Other systems lack setsid.
const ignore = Deno.build.os !== "linux";

/**
 * The processes that a CLI starts: below it, outside its session, and with a hidden
 * environment.
 */
const COMMANDS = [SLEEP, `setsid ${SLEEP}`, `env -i setsid ${SLEEP}`];

/** A CLI with commands, all of which end with the block. */
class Started implements AsyncDisposable {
  readonly marker: string = crypto.randomUUID();
  child!: ChildProcess;
  /** The ids of its commands, in order. */
  commands: readonly number[] = [];

  /** Starts it with a script that runs before its commands. */
  static async start(script: string): Promise<Started> {
    const started = new Started();
    const ids = COMMANDS.map((command) =>
      `${command} > /dev/null 2>&1 < /dev/null & echo $!`
    );
    started.child = await real.spawn({
      program: "/bin/sh",
      args: [
        "-c",
        [script, ...ids, "echo ready", `while :; do ${SLEEP} & wait $!; done`]
          .join("\n"),
      ],
      env: { inherit: true, set: { [MARKER_NAME]: started.marker }, unset: [] },
    });
    let text = "";
    while (!text.includes("ready")) {
      text += new TextDecoder().decode(await started.child.stdout.read());
    }
    started.commands = text.split("\n").slice(0, COMMANDS.length).map(Number);
    return started;
  }

  /** Lists the commands that still run. */
  left(): string[] {
    return COMMANDS.filter((_, index) => isRunning(this.commands[index] ?? 0));
  }

  /** Kills it as a crash would, and waits until it has exited. */
  async crash(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    for (const pid of this.commands) endProcess(pid);
    const { runtime, marker } = { runtime: real, marker: this.marker };
    await endOrphans({ runtime, marker, child: this.child, graceMs: 100 });
    const { stdin, stdout, stderr } = this.child;
    await Promise.all([stdin.abort(), stdout.cancel(), stderr.cancel()]);
  }
}

Deno.test({
  name:
    "terminate leaves nothing of a CLI that ignores its signals, even if environments are hidden",
  ignore,
  async fn() {
    await using started = await Started.start("trap '' INT TERM");
    const { child, marker } = started;
    await terminate({ runtime: darwin, child, marker, graceMs: 300 });
    assertEquals((await child.exited).signal, "SIGKILL");
    assertEquals(started.left(), []);
  },
});

Deno.test({
  name:
    "endOrphans ends what an exited CLI left behind, except what the system hides",
  ignore,
  async fn() {
    await using started = await Started.start("");
    await started.crash();
    const { child, marker } = started;
    await endOrphans({ runtime: darwin, child, marker, graceMs: MINUTE_MS });
    assertEquals(started.left(), COMMANDS.slice(2));
  },
});

Deno.test({
  name: "endMarked ends processes younger than a given age, by the clock of ps",
  ignore,
  async fn() {
    await using started = await Started.start("");
    const { marker } = started;
    const end = (maxAgeMs: number) =>
      endMarked({ runtime: darwin, marker, maxAgeMs, graceMs: 500 });
    // Reading the table takes time, which counts.
    await end(-MINUTE_MS);
    assertEquals(started.left(), COMMANDS);
    await end(MINUTE_MS);
    assertEquals(started.left(), COMMANDS.slice(2));
  },
});

/** The shells that may be a system's `/bin/sh`. */
const SHELLS: readonly (readonly [program: string, ...args: string[]])[] = [
  ["dash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
];

for (const [program, ...args] of SHELLS) {
  const isMissing = !ignore && !isThere(program);
  for (const proc of ["with", "without"]) {
    const hint = isMissing ? ` (skipped: ${program} is not installed)` : "";
    Deno.test({
      name:
        `The watchdog in ${program} ends everything of a CLI ${proc} /proc${hint}`,
      ignore: ignore || isMissing,
      async fn() {
        const script = proc === "with"
          ? WATCHDOG_SCRIPT
          : WATCHDOG_SCRIPT.replaceAll("/proc", "/nowhere");
        await using stubborn = await Started.start("trap '' INT TERM");
        await using polite = await Started.start("");
        const folder = await Deno.makeTempDir({ prefix: "watched a'b-" });
        const watch = ({ child, marker }: Started) =>
          new Deno.Command(program, {
            args: [
              ...args,
              ...["-c", script, "codex-watchdog"],
              ...[String(child.pid), marker, "3", folder],
            ],
            stdin: "null",
          }).output();
        const outputs = await Promise.all([watch(stubborn), watch(polite)]);
        for (const { code, stdout, stderr } of outputs) {
          const said = new TextDecoder().decode(
            new Uint8Array([...stdout, ...stderr]),
          );
          assertEquals([code, said], [0, ""]);
        }
        assertEquals((await stubborn.child.exited).signal, "SIGKILL");
        assertEquals((await polite.child.exited).signal, "SIGINT");
        // With /proc, it does not follow parent ids.
        const hidden = proc === "with" ? COMMANDS.slice(2) : [];
        for (const started of [stubborn, polite]) {
          await until(
            "the end of what was killed",
            () => started.left().length <= hidden.length || undefined,
          );
          assertEquals(started.left(), hidden);
        }
        assertEquals(isThere(folder), false);
      },
    });
  }
}

/** Tells whether a path, or a program of PATH, exists. */
function isThere(name: string): boolean {
  const folders = name.includes("/")
    ? [""]
    : (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/`);
  return folders.some((folder) => {
    try {
      return Deno.statSync(folder + name) !== undefined;
    } catch {
      return false;
    }
  });
}
