import {
  assertEquals,
  assertExists,
  assertLess,
  assertThrows,
} from "@std/assert";
import { spawn } from "node:child_process";
import {
  completedTurn,
  FakeCli,
  type FakeSteps,
  prints,
  printTurn,
  script,
} from "../../src/testing/fake.ts";
import { turnStarted } from "../../testing.ts";
import {
  CAN_SEE_PROCESSES,
  endProcess,
  findProcessesWith,
  isRunning,
} from "../../src/testing/processes.ts";
import { until, wait } from "../../src/testing/waiting.ts";

/** A finished run of a fake, with its result. */
interface FakeRun {
  fake: FakeCli;
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A running fake. */
interface RunningFake {
  fake: FakeCli;
  pid: number;
  /** Returns its output so far. */
  printed(): string;
}

/** Options of a fake's run. */
interface RunOptions {
  args?: readonly string[];
  input?: string;
  /** Called while the fake runs. */
  meanwhile?: (running: RunningFake) => unknown;
}

/** Runs a fake until all its pipes are closed, and removes it after `use`. */
async function runFake(
  steps: FakeSteps,
  use: (run: FakeRun) => unknown,
  { args = [], input = "", meanwhile = () => {} }: RunOptions = {},
): Promise<void> {
  // A shell would misread an unquoted path with a quote or a space.
  const parent = await Deno.makeTempDir({ prefix: "the fake's-" });
  const mark = crypto.randomUUID();
  try {
    const fake = new FakeCli(`${parent}/bin`, steps);
    const child = spawn(fake.path, args, {
      cwd: parent,
      env: { PATH: Deno.env.get("PATH"), FAKE_MARK: mark },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => stdout += text);
    child.stderr.setEncoding("utf8").on("data", (text) => stderr += text);
    child.stdin.on("error", () => {}).end(input);
    const closed = new Promise<[number | null, string | null]>((resolve) =>
      child.once("close", (code, signal) => resolve([code, signal]))
    );
    const { pid } = child;
    assertExists(pid);
    await meanwhile({ fake, pid, printed: () => stdout });
    const [code, signal] = await closed;
    await use({ fake, code, signal, stdout, stderr });
  } finally {
    for (const { pid } of findProcessesWith(mark)) endProcess(pid);
    await Deno.remove(parent, { recursive: true });
  }
}

Deno.test("A fake reads the prompt and prints a turn byte for byte", async () => {
  const text = 'it\'s \\n %s $HOME `id` "é\u2028" ';
  await runFake(printTurn(text), ({ stdout, stderr, code }) => {
    assertEquals(stdout, `${completedTurn(text).join("\n")}\n`);
    assertEquals([code, stderr], [0, ""]);
  });
});

Deno.test("A fake writes its prompt, environment and id to notes", async () => {
  const steps: FakeSteps = [
    "read prompt",
    "env env",
    "pid pid",
    "note words some  words",
    ["add starts", ["add starts"]],
  ];
  await runFake(steps, async ({ fake }) => {
    assertEquals(await fake.note("prompt"), "Do it");
    const env = await fake.note("env");
    assertEquals(env.includes("FAKE_MARK="), true);
    // Its own variables are not passed on.
    assertEquals(env.includes("FAKE_HOME"), false);
    assertEquals(Number(await fake.note("pid")) > 1, true);
    assertEquals(await fake.note("words"), "some  words");
    assertEquals([fake.lines("starts"), fake.lines("none")], [["", ""], []]);
    assertEquals([fake.hasNote("starts"), fake.hasNote("none")], [true, false]);
  }, { input: "Do it\n" });
});

Deno.test("A fake prints events and files, and runs steps of the published fake", async () => {
  const steps: FakeSteps = [
    "record",
    "file /dev/null",
    turnStarted(),
    prints("x", { times: 5 }),
    prints("\n\xff\n", { to: "stderr" }),
  ];
  await runFake(steps, ({ fake, stdout, stderr }) => {
    assertEquals(stdout, '{"type":"turn.started"}\nxxxxx');
    assertEquals(stderr, "\n\xff\n");
    assertEquals(fake.requests.map(({ argv }) => argv), [["exec", ""]]);
  }, { args: ["exec", ""] });
});

Deno.test("A fake exits with a code or by a signal, and runs no further step", async () => {
  await runFake(["exit 7", "line No"], ({ code, signal, stdout }) => {
    assertEquals([code, signal, stdout], [7, null, ""]);
  });
  await runFake(["die KILL", "line No"], ({ code, signal, stdout }) => {
    assertEquals([code, signal, stdout], [null, "SIGKILL", ""]);
  });
});

Deno.test("A fake with `stay` runs until a signal that it does not ignore", async () => {
  await runFake(["note here yes", "stay"], ({ signal }) => {
    assertEquals(signal, "SIGINT");
  }, {
    meanwhile: async ({ fake, pid }) => {
      await fake.note("here");
      Deno.kill(pid, "SIGINT");
    },
  });
  const stubborn: FakeSteps = ["ignore INT", "ignore TERM", "note here yes"];
  await runFake([stubborn, "stay"], ({ signal }) => {
    assertEquals(signal, "SIGHUP");
  }, {
    meanwhile: async ({ fake, pid }) => {
      await fake.note("here");
      Deno.kill(pid, "SIGINT");
      Deno.kill(pid, "SIGTERM");
      await wait(200);
      assertEquals(isRunning(pid), true);
      Deno.kill(pid, "SIGHUP");
    },
  });
});

Deno.test("A fake with `await` waits for a note", async () => {
  await runFake(["await go", "line went"], ({ stdout }) => {
    assertEquals(stdout, "went\n");
  }, {
    meanwhile: async ({ fake, pid }) => {
      await wait(150);
      assertEquals(isRunning(pid), true);
      fake.leaveNote("go");
    },
  });
});

Deno.test("A fake sleeps and closes its pipes", async () => {
  const begun = performance.now();
  const steps: FakeSteps = [
    ...["close in", "line one", "close out", "line two"] as const,
    prints("three\n", { to: "stderr" }),
    "close err",
    script("echo four >&2"),
    "sleep 0.3",
    "exit 0",
  ];
  await runFake(steps, ({ code, stdout, stderr }) => {
    assertEquals([code, stdout], [0, "one\n"]);
    assertEquals(stderr.includes("three"), true);
    assertEquals(stderr.includes("four"), false);
  });
  assertLess(299, performance.now() - begun);
});

const HELD: Record<"out" | "err" | "both" | "all", string[]> = {
  out: ["1"],
  err: ["2"],
  both: ["1", "2"],
  all: ["0", "1", "2"],
};

for (const pipes of ["out", "err", "both", "all"] as const) {
  Deno.test(`A fake leaves a process that holds its pipes: ${pipes}`, async () => {
    await runFake([`hold ${pipes}`, "line done"], ({ stdout }) => {
      assertEquals(stdout, "done\n");
    }, {
      meanwhile: async ({ fake, pid }) => {
        await until("its exit", () => isRunning(pid) ? undefined : true);
        const held = Number(await fake.note("held"));
        assertEquals(isRunning(held), true);
        if (CAN_SEE_PROCESSES) {
          // They are set before the program runs, and after the note is written.
          await until(
            `${HELD[pipes]}`,
            () => `${listPipes(held)}` === `${HELD[pipes]}` || undefined,
          );
        }
        endProcess(held);
      },
    });
  });
}

/** Lists the standard pipes of a process that are not /dev/null. */
function listPipes(pid: number): string[] {
  return ["0", "1", "2"].filter((name) =>
    Deno.readLinkSync(`/proc/${pid}/fd/${name}`) !== "/dev/null"
  );
}

/** The minimum number of sleeping processes, for each kind. */
const SPAWNED: Record<"tree" | "daemon" | "swarm", number> = {
  tree: 5,
  daemon: 1,
  // The number keeps growing.
  swarm: 5,
};

for (const kind of ["tree", "daemon", "swarm"] as const) {
  Deno.test({
    name: `A fake starts processes that are hard to end: ${kind}`,
    ignore: !CAN_SEE_PROCESSES,
    async fn() {
      await runFake(["env env", `spawn ${kind}`, "await end"], () => {}, {
        meanwhile: async ({ fake }) => {
          const mark = /FAKE_MARK=.*/.exec(await fake.note("env"))?.[0] ?? "";
          const found = await until("all of them", () => {
            const sleeping = findProcessesWith(mark).filter(({ command }) =>
              command === "sleep 100"
            );
            return sleeping.length >= SPAWNED[kind] ? sleeping : undefined;
          });
          if (kind !== "swarm") assertEquals(found.length, SPAWNED[kind]);
          fake.leaveNote("end");
          // The swarm grows meanwhile.
          await until("their end", () => {
            const left = findProcessesWith(mark);
            for (const { pid } of left) endProcess(pid);
            return left.length === 0 || undefined;
          });
        },
      });
    },
  });
}

Deno.test({
  name: "A fake starts a process without an environment",
  ignore: !CAN_SEE_PROCESSES,
  async fn() {
    await runFake(["spawn bare", "await go"], () => {}, {
      meanwhile: async ({ fake, pid }) => {
        const bare = await until(
          "the process",
          () =>
            findProcessesWith("/sleep 100").find((each) =>
              readParent(each.pid) === pid
            ),
        );
        assertEquals(await Deno.readTextFile(`/proc/${bare.pid}/environ`), "");
        endProcess(bare.pid);
        fake.leaveNote("go");
      },
    });
  },
});

function readParent(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
}

Deno.test("A fake runs a script in its own process, with its arguments", async () => {
  const steps: FakeSteps = [
    "pid pid",
    script(`seen=$$\necho "$1|it's"`),
    script('echo "$seen" > "$FAKE_HOME/seen"\nexit 4'),
    "line No",
  ];
  await runFake(steps, async ({ fake, code, stdout }) => {
    assertEquals([code, stdout], [4, "exec|it's\n"]);
    assertEquals(await fake.note("seen"), await fake.note("pid"));
  }, { args: ["exec"] });
});

Deno.test("A fake that ends with a script exits with its code", async () => {
  await runFake(script("false"), ({ code }) => assertEquals(code, 1));
  await runFake([script("false"), "line x"], ({ code }) => {
    assertEquals(code, 0);
  });
});

Deno.test("A fake rejects an unknown step and a step of two lines", async () => {
  await runFake("bark" as FakeSteps, ({ code, stderr }) => {
    assertEquals([code, stderr], [99, "No such step: bark\n"]);
  });
  const folder = await Deno.makeTempDir();
  try {
    assertThrows(
      () => new FakeCli(folder, "line a\nline b"),
      Error,
      "one line",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A fake reads the steps next to it, even if both were moved or it is run through a link", async () => {
  const folder = await Deno.makeTempDir({ prefix: "the fake's-" });
  const run = async (program: string, cwd: string): Promise<string> => {
    const command = new Deno.Command(program, { cwd, stderr: "inherit" });
    return new TextDecoder().decode((await command.output()).stdout);
  };
  try {
    const fake = new FakeCli(`${folder}/first`, ["line one", "add runs"]);
    await Deno.symlink("first/codex", `${folder}/link`);
    await Deno.symlink("link", `${folder}/link to it`);
    assertEquals(await run(`${folder}/link to it`, "/"), "one\n");
    assertEquals(await run("./first/codex", folder), "one\n");
    assertEquals(await run("./link", folder), "one\n");
    assertEquals(fake.lines("runs"), ["", "", ""]);
    await Deno.rename(`${folder}/first`, `${folder}/second`);
    assertEquals(await run(`${folder}/second/codex`, "/"), "one\n");
    await Deno.writeTextFile(`${folder}/second/codex.steps`, "line two\n");
    assertEquals(await run(`${folder}/second/codex`, "/"), "two\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Many fakes can be started at the same time", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const outcomes = Array.from({ length: 50 }, async (_, index) => {
      const fake = new FakeCli(`${folder}/${index}`, printTurn("fine"));
      const { success } = await new Deno.Command(fake.path).output();
      return success;
    });
    const all = await Promise.all(outcomes);
    assertEquals(all.every((each) => each), true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
