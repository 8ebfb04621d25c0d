import { assertEquals, assertThrows } from "@std/assert";
import { readFileSync } from "node:fs";
import {
  CAN_SEE_PROCESSES,
  endProcess,
  findIn,
  findProcesses,
  findProcessesWith,
  isRunning,
  listByPs,
} from "../../src/testing/processes.ts";
import { until } from "../../src/testing/waiting.ts";

/** Starts a shell that keeps running, with a mark in its environment. */
function startMarked(
  mark: string,
  script = "sleep 100; true",
): Deno.ChildProcess {
  return new Deno.Command("/bin/sh", {
    args: ["-c", script],
    env: { MARK: mark },
    stdin: "null",
    stdout: "null",
  }).spawn();
}

Deno.test({
  name: "Processes and their children are found by their environment",
  ignore: !CAN_SEE_PROCESSES,
  async fn() {
    const mark = crypto.randomUUID();
    const child = startMarked(mark);
    const commands = ["/bin/sh -c sleep 100; true", "sleep 100"];
    const found = await until(`${commands}`, () => {
      const found = findProcessesWith(mark);
      const names = found.map(({ command }) => command).sort();
      return `${names}` === `${commands}` ? found : undefined;
    });
    // Before either is ended: the shell exits when its sleep has.
    assertEquals(found.map(({ pid }) => isRunning(pid)), [true, true]);
    for (const { pid } of found) endProcess(pid);
    await child.status;
    await until(
      "their end",
      () => findProcessesWith(mark).length === 0 || undefined,
    );
    assertEquals(isRunning(child.pid), false);
    // Ending it twice does no harm.
    endProcess(child.pid);
  },
});

Deno.test("Processes are found by their command line", async () => {
  const seconds = `100.${Math.floor(Math.random() * 1e6)}`;
  const child = startMarked("", `exec sleep ${seconds}`);
  const found = await until("the command", () => {
    const found = findProcessesWith(`sleep ${seconds}`);
    return found.some(({ command }) => command.startsWith("sleep"))
      ? found
      : undefined;
  });
  assertEquals(found.map(({ pid }) => pid), [child.pid]);
  endProcess(child.pid);
  await child.status;
  assertEquals(findProcessesWith(seconds), []);
});

Deno.test({
  name: "ps reports the same as /proc: parents, environments and zombies",
  ignore: !CAN_SEE_PROCESSES,
  async fn() {
    const mark = crypto.randomUUID();
    const parent = startMarked(mark, "sleep 0 & exec sleep 100");
    try {
      const [own, ended] = await until("both", () => {
        const listed = listByPs();
        const own = listed.find(({ pid }) => pid === parent.pid);
        const ended = listed.find((each) => each.parent === parent.pid);
        return own?.command === "sleep 100" && ended?.isZombie
          ? [own, ended]
          : undefined;
      });
      assertEquals([own?.parent, own?.isZombie], [Deno.pid, false]);
      assertEquals(own?.environment.includes(`MARK=${mark}`), true);
      assertEquals(ended?.environment, "");
      assertEquals(
        listByPs().filter(({ command }) => command.includes("/ps axww")),
        [],
      );
    } finally {
      endProcess(parent.pid);
      await parent.status;
    }
  },
});

Deno.test("If environments are hidden, the descendants of a found process are found with it", () => {
  const listed = [[10, 1], [11, 10], [12, 11], [13, 1], [14, 13]].map((
    [pid = 0, parent = 0],
  ) => ({ pid, parent, command: "", environment: "", isZombie: false }));
  const find = (isHidden: boolean) =>
    findIn(listed, ({ pid }) => pid === 10, isHidden).map(({ pid }) => pid);
  assertEquals(find(true), [10, 11, 12]);
  assertEquals(find(false), [10]);
});

Deno.test({
  name: "Children are found without a mark, until they have been waited for",
  ignore: !CAN_SEE_PROCESSES,
  async fn() {
    const child = startMarked("");
    const own = (): number[] =>
      findProcesses("no such mark").map(({ pid }) => pid)
        .filter((pid) => pid === child.pid);
    assertEquals(own(), [child.pid]);
    endProcess(child.pid);
    await child.status;
    assertEquals(own(), []);
  },
});

Deno.test({
  name: "A zombie is not running",
  ignore: !CAN_SEE_PROCESSES,
  async fn() {
    const mark = crypto.randomUUID();
    // After `exec`, its parent is not a shell, so it stays a zombie.
    const parent = startMarked(mark, "sleep 0 & exec sleep 100");
    const children = `/proc/${parent.pid}/task/${parent.pid}/children`;
    const zombie = await until("a zombie", () => {
      const pid = Number(readFileSync(children, "utf8"));
      return pid > 0 && readState(pid) === "Z" ? pid : undefined;
    });
    assertEquals(isRunning(zombie), false);
    const living = findProcessesWith(mark).map(({ pid }) => pid);
    assertEquals(living, [parent.pid]);
    endProcess(parent.pid);
    await parent.status;
  },
});

Deno.test("An invalid process id is rejected, because a signal to it would reach many processes", () => {
  for (const pid of [0, -1, NaN, 1.5]) {
    assertThrows(() => endProcess(pid), RangeError, `Process ${pid}`);
    assertThrows(() => isRunning(pid), RangeError, `Process ${pid}`);
  }
});

function readState(pid: number): string | undefined {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return /^State:\s+(\w)/m.exec(status)?.[1];
}
