/**
 * Tests that the real CLI leaves no command running, even one that resists, however the
 * client or a signal ends the turn.
 */

import { assertEquals, assertRejects } from "@std/assert";
import {
  CodexCancelledError,
  CodexExecError,
  CodexIdleTimeoutError,
  CodexTimeoutError,
  type Thread,
  type ThreadOptions,
  type TurnOptions,
} from "../../mod.ts";
import {
  modelAnswer,
  modelCommand,
  modelHang,
  modelMessage,
} from "../../testing.ts";
import {
  assertNothingRuns,
  findCliProcesses,
  type RealCodex,
  realCodex,
} from "../support/real_codex.ts";
import { timed, wait } from "../../src/testing/waiting.ts";

/** The duration of each command, in s; it is unique, so that its processes can be found. */
const SECONDS = 47.25;

// Facts F15, F20.
/** The agent's commands, by how they resist being ended. */
const COMMANDS: { readonly [what: string]: string } = {
  "ignores SIGTERM": `trap '' TERM INT HUP; sleep ${SECONDS}; true`,
  // Only Linux has this program.
  ...Deno.build.os === "linux"
    ? {
      "is detached with setsid":
        `setsid sleep ${SECONDS} > /dev/null 2>&1 < /dev/null & sleep ${SECONDS}`,
    }
    : {},
};

/** The ways in which a turn is ended once its command runs. */
const ENDS: {
  readonly [how: string]: (
    thread: Thread,
    running: (isOver?: () => boolean) => Promise<boolean>,
    real: RealCodex,
  ) => Promise<unknown>;
} = {
  "an abort": async (thread, running) => {
    const controller = new AbortController();
    const { signal } = controller;
    const failed = assertRejects(
      () => thread.run("Go", { signal }),
      CodexCancelledError,
    );
    await running();
    controller.abort();
    await failed;
  },
  "timeoutMs": async (thread, running) => {
    // On a busy machine the command may not have started yet: tries again with more time.
    for (let timeoutMs = 3_000; timeoutMs < 100_000; timeoutMs *= 4) {
      let isOver = false;
      const failed = assertRejects(
        () => thread.run("Go", { timeoutMs }),
        CodexTimeoutError,
      );
      const wasRunning = running(() => isOver);
      await failed;
      isOver = true;
      if (await wasRunning) return;
    }
    throw new Error("The command was never started in time");
  },
  "break": async (thread, running) => {
    const streamed = await thread.runStreamed("Go");
    for await (const event of streamed.events) {
      if (event.type !== "item.started") continue;
      await running();
      break;
    }
  },
  "SIGKILL to the CLI": async (thread, running, { home }) => {
    const failed = assertRejects(() => thread.run("Go"), CodexExecError);
    await running();
    for (const { pid, command } of await findCliProcesses(home)) {
      if (/\bcodex\b.* exec /.test(command)) Deno.kill(pid, "SIGKILL");
    }
    assertEquals((await failed).signal, "SIGKILL");
  },
};

/** Runs a turn with a command, ends it, and fails if a process is left. */
async function endTurn(
  script: string,
  end: (typeof ENDS)[string],
  options: ThreadOptions = {},
): Promise<void> {
  await using real = await realCodex(() => modelAnswer(modelCommand(script)));
  const thread = real.codex.startThread({ ...real.inRepo, ...options });
  const sleeps = script.split(`sleep ${SECONDS}`).length - 1;
  const running = async (isOver = () => false): Promise<boolean> => {
    for (;;) {
      const found = (await findCliProcesses(real.home)).filter(({ command }) =>
        command === `sleep ${SECONDS}`
      );
      if (found.length >= sleeps) return true;
      if (isOver()) return false;
      await wait(20);
    }
  };
  await end(thread, running, real);
  // Checked at once: the turn is over only when nothing of it is left.
  assertEquals(await findCliProcesses(real.home), []);
}

const isLinux = Deno.build.os === "linux";
const hasSandbox = isLinux && await sandboxRuns();

for (const [what, script] of Object.entries(COMMANDS)) {
  for (const [how, end] of Object.entries(ENDS)) {
    Deno.test({
      name: `The real CLI leaves no command that ${what} after ${how}`,
      ignore: !isLinux,
      fn: () => endTurn(script, end),
    });
    Deno.test({
      name:
        `The real CLI leaves no sandboxed command that ${what} after ${how}`,
      ignore: !hasSandbox,
      fn: () => endTurn(script, end, { sandboxMode: "workspace-write" }),
    });
  }
}

/** Tells whether the CLI can run commands in its sandbox; not every system allows it. */
async function sandboxRuns(): Promise<boolean> {
  await using real = await realCodex([
    modelAnswer(modelCommand("echo in the sandbox")),
    modelAnswer(modelMessage("Done")),
  ]);
  const turn = await real.codex.startThread({
    ...real.inRepo,
    sandboxMode: "workspace-write",
  }).run("Go");
  return turn.items.some((item) =>
    item.type === "command_execution" && item.exit_code === 0
  );
}

/** Runs a turn of a model that hangs, and fails if a process is left. */
async function hang(options: TurnOptions): Promise<unknown> {
  await using real = await realCodex([modelHang(modelMessage("So far"))]);
  try {
    return await real.codex.startThread(real.inRepo).run("Hang", options);
  } catch (error) {
    return error;
  } finally {
    await assertNothingRuns(real.home);
  }
}

Deno.test("Thread.run ends a turn of the real CLI that takes longer than timeoutMs", async () => {
  const error = await hang({ timeoutMs: 1_500 });
  if (!(error instanceof CodexTimeoutError)) throw error;
  assertEquals([error.code, error.limitMs], ["turn_timeout", 1_500]);
  assertEquals(error instanceof CodexIdleTimeoutError, false);
});

/** Chooses an idle time in ms that is far above the duration of a plain turn on this machine. */
async function chooseIdleTime(): Promise<number> {
  await using real = await realCodex([
    modelAnswer(modelCommand("true")),
    modelAnswer(modelMessage("Done")),
  ]);
  const thread = real.codex.startThread(real.inRepo);
  return Math.max(3_000, Math.round(4 * await timed(() => thread.run("Go"))));
}

Deno.test("Thread.run ends a turn of the real CLI that is silent for idleTimeoutMs, and keeps its items", async () => {
  const idleTimeoutMs = await chooseIdleTime();
  const error = await hang({ idleTimeoutMs });
  if (!(error instanceof CodexIdleTimeoutError)) throw error;
  assertEquals([error.code, error.limitMs], ["idle_timeout", idleTimeoutMs]);
  assertEquals(error.items.map((item) => item.type), ["agent_message"]);
  assertEquals(typeof error.threadId, "string");
});

Deno.test("Thread.run does not count a command of the real CLI as idle time", async () => {
  const idleTimeoutMs = await chooseIdleTime();
  await using real = await realCodex([
    modelAnswer(modelCommand(`sleep ${Math.ceil(idleTimeoutMs / 1_000) + 1}`)),
    modelAnswer(modelMessage("Done")),
  ]);
  const turn = await real.codex.startThread(real.inRepo)
    .run("Go", { idleTimeoutMs });
  assertEquals(turn.finalResponse, "Done");
});
