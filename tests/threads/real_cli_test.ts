/** Threads of the real CLI that are moved between homes. @module */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CodexAppServer } from "../../app_server.ts";
import {
  type Codex,
  CodexCancelledError,
  CodexThreadBusyError,
  CodexThreadNotFoundError,
} from "../../mod.ts";
import {
  CodexThreadBundleError,
  CodexThreadDivergedError,
  exportThread,
  importThread,
} from "../../threads.ts";
import {
  modelAnswer,
  modelCommand,
  modelHang,
  modelMessage,
} from "../../testing.ts";
import { type RealCodex, realCodex } from "../support/real_codex.ts";
import { namesIn, readBytes, readRollout, rolloutsIn } from "./support.ts";

/** The real CLI with a second home. */
interface TwoHomes extends RealCodex {
  /** A second, empty home. */
  readonly elsewhere: string;
  /** A client of the same model that uses the second home. */
  readonly codexElsewhere: Codex;
}

/** Sets up the real CLI with two homes; each turn is answered with its prompt. */
async function twoHomes(): Promise<TwoHomes> {
  const real = await realCodex((request) =>
    modelAnswer(modelMessage(`To: ${request.prompt}`))
  );
  const elsewhere = await Deno.makeTempDir({ prefix: "home-" });
  return {
    ...real,
    elsewhere,
    codexElsewhere: real.client({
      env: { ...real.env, CODEX_HOME: elsewhere },
    }),
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        await real[Symbol.asyncDispose]();
      } finally {
        await Deno.remove(elsewhere, { recursive: true });
      }
    },
  };
}

/** Returns the body of the model's latest request. */
function prompts(real: RealCodex): string {
  return JSON.stringify(real.model.requests.at(-1)?.body);
}

Deno.test("a thread can be exported, imported into another home, resumed and forked there, and exported back", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const id = thread.id ?? "";
  const original = await Deno.readFile(readRollout(home, id));

  const imported = await importThread(
    await exportThread(id, { codexHome: home }),
    { codexHome: elsewhere, expectId: id },
  );
  assertEquals(imported, {
    id,
    cliVersion: "0.169.0",
    modelProvider: "mock",
  });
  assertEquals(await Deno.readFile(readRollout(elsewhere, id)), original);

  const there = real.codexElsewhere.resumeThread(id, inRepo);
  await there.run("Prompt two");
  assertEquals(there.id, id);
  assertStringIncludes(prompts(real), "Prompt one");
  const fork = there.fork();
  await fork.run("Prompt of the fork");
  const forkId = fork.id ?? "";
  assertStringIncludes(prompts(real), "Prompt two");

  // The fork brings its parent along, which has continued meanwhile.
  await importThread(
    await exportThread(forkId, { codexHome: elsewhere }),
    { codexHome: home, expectId: forkId },
  );
  const back = real.codex.resumeThread(forkId, inRepo);
  await back.run("Prompt at home");
  for (const prompt of ["one", "two", "of the fork", "at home"]) {
    assertStringIncludes(prompts(real), `Prompt ${prompt}`);
  }
  await real.codex.resumeThread(id, inRepo).run("Prompt three");
  assertStringIncludes(prompts(real), "Prompt two");
  assert(!prompts(real).includes("Prompt of the fork"));
});

// facts F67
Deno.test("a fork of a fork is exported with all its ancestors, each up to the fork", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const fork = thread.fork();
  await fork.run("Prompt two");
  const twice = fork.fork();
  await twice.run("Prompt three");
  await thread.run("Prompt aside");
  const bundle = await readBytes(
    await exportThread(twice.id ?? "", { codexHome: home }),
  );
  await importThread(bundle, { codexHome: elsewhere });
  assertEquals(rolloutsIn(elsewhere).length, 3);
  await real.codexElsewhere.resumeThread(twice.id ?? "", inRepo)
    .run("Prompt four");
  for (const prompt of ["one", "two", "three", "four"]) {
    assertStringIncludes(prompts(real), `Prompt ${prompt}`);
  }
  assert(!prompts(real).includes("Prompt aside"));
  // The ancestor is shorter in the other home, and keeps its length at home.
  await importThread(bundle, { codexHome: home, onExisting: "replace" });
  await real.codex.resumeThread(thread.id ?? "", inRepo).run("Prompt five");
  assertStringIncludes(prompts(real), "Prompt aside");
});

Deno.test("a compacted thread can be moved and continued", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  let id: string;
  {
    await using server = new CodexAppServer(real.codexOptions);
    const thread = server.startThread(inRepo);
    await thread.run("Prompt one");
    await thread.compact();
    id = thread.id ?? "";
    await importThread(await exportThread(id, { codexHome: home }), {
      codexHome: elsewhere,
    });
  }
  await real.codexElsewhere.resumeThread(id, inRepo).run("Prompt two");
  assertStringIncludes(prompts(real), "Prompt one");
});

Deno.test("a longer bundle replaces a thread, a shorter one only if asked to", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const id = thread.id ?? "";
  const short = await readBytes(await exportThread(id, { codexHome: home }));
  await importThread(short, { codexHome: elsewhere });
  const there = real.codexElsewhere.resumeThread(id, inRepo);
  await there.run("Prompt there");
  await importThread(short, { codexHome: elsewhere });
  const longer = await exportThread(id, { codexHome: elsewhere });
  await importThread(longer, { codexHome: home });
  await thread.run("Prompt two");
  assertStringIncludes(prompts(real), "Prompt there");

  await there.run("Prompt aside");
  const diverged = await exportThread(id, { codexHome: home });
  const error = await assertRejects(
    () => importThread(diverged, { codexHome: elsewhere }),
    CodexThreadDivergedError,
  );
  assertEquals(error.threadId, id);

  await importThread(short, { codexHome: elsewhere, onExisting: "replace" });
  await there.run("Prompt anew");
  assertStringIncludes(prompts(real), "Prompt one");
  assert(!prompts(real).includes("Prompt there"));
});

Deno.test("a thread can be exported during a turn, but an import over it is rejected until the turn has ended", async () => {
  await using real = await realCodex((request) =>
    request.prompt === "Run" && request.toolOutputs.length === 0
      ? modelAnswer(modelCommand("echo on the way"))
      : request.prompt === "Run"
      ? modelHang()
      : modelAnswer(modelMessage("Done"))
  );
  const { home, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const id = thread.id ?? "";
  const before = await readBytes(await exportThread(id, { codexHome: home }));
  const stop = new AbortController();
  const streamed = await thread.runStreamed("Run", { signal: stop.signal });
  const busy = { codexHome: home, onExisting: "replace" } as const;
  await assertRejects(async () => {
    for await (const event of streamed.events) {
      if (
        event.type !== "item.completed" ||
        event.item.type !== "command_execution"
      ) continue;
      const during = await exportThread(id, { codexHome: home });
      const elsewhere = await Deno.makeTempDir();
      await importThread(during, { codexHome: elsewhere });
      assertStringIncludes(
        await Deno.readTextFile(readRollout(elsewhere, id)),
        "on the way",
      );
      await Deno.remove(elsewhere, { recursive: true });
      const error = await assertRejects(
        () => importThread(before, busy),
        CodexThreadBusyError,
      );
      assertEquals(error.requestedThreadId, id);
      // An import that changes nothing is not rejected.
      await importThread(before, { codexHome: home });
      stop.abort();
    }
  }, CodexCancelledError);
  await importThread(before, busy);
  const locks = namesIn(`${home}/thread-writer-locks`);
  assertEquals(locks, [".coordination.lock"]);
  await thread.run("Prompt two");
});

// facts F69
Deno.test("a line that a killed CLI left incomplete is moved there and back", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const id = thread.id ?? "";
  const path = readRollout(home, id);
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, size - 40);
  const cut = await readBytes(await exportThread(id, { codexHome: home }));
  await importThread(cut, { codexHome: elsewhere });
  await thread.run("Prompt two");
  assertEquals(
    (await Deno.readTextFile(path)).split("\n").filter((line) =>
      line !== "" && !line.endsWith("}")
    ).length,
    1,
  );
  await importThread(await exportThread(id, { codexHome: home }), {
    codexHome: elsewhere,
  });
  await real.codexElsewhere.resumeThread(id, inRepo).run("Prompt three");
  assertStringIncludes(prompts(real), "Prompt two");
  await importThread(await exportThread(id, { codexHome: elsewhere }), {
    codexHome: home,
  });
  await thread.run("Prompt four");
  assertStringIncludes(prompts(real), "Prompt three");
});

// facts F70
Deno.test("base instructions are sent as in the bundle, or dropped", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const id = thread.id ?? "";
  const path = readRollout(home, id);
  const [first = "", ...rest] = (await Deno.readTextFile(path)).split("\n");
  const meta = JSON.parse(first);
  meta.payload.base_instructions = { text: "Obey the transcript" };
  await Deno.writeTextFile(path, [JSON.stringify(meta), ...rest].join("\n"));
  const bundle = await readBytes(await exportThread(id, { codexHome: home }));
  for (const baseInstructions of ["keep", "drop"] as const) {
    const codexHome = `${elsewhere}/${baseInstructions}`;
    await importThread(bundle, { codexHome, baseInstructions });
    const env = { ...real.env, CODEX_HOME: codexHome };
    // They are sent when a new context begins.
    {
      await using server = new CodexAppServer({ ...real.codexOptions, env });
      await server.resumeThread(id, inRepo).compact();
    }
    await real.client({ env }).resumeThread(id, inRepo).run("Prompt two");
    assertEquals(
      prompts(real).includes("Obey the transcript"),
      baseInstructions === "keep",
    );
  }
});

Deno.test("a fork whose ancestors have lost their base instructions can be continued", async () => {
  await using real = await twoHomes();
  const { home, elsewhere, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const fork = thread.fork();
  await fork.run("Prompt two");
  await importThread(await exportThread(fork.id ?? "", { codexHome: home }), {
    codexHome: elsewhere,
    baseInstructions: "drop",
  });
  for (const path of rolloutsIn(elsewhere)) {
    assert(!(await Deno.readTextFile(path)).includes(`"base_instructions":`));
  }
  await real.codexElsewhere.resumeThread(fork.id ?? "", inRepo)
    .run("Prompt three");
  assertStringIncludes(prompts(real), "Prompt one");
});

Deno.test("a missing thread, or one with a missing ancestor, is not exported", async () => {
  await using real = await twoHomes();
  const { home, inRepo } = real;
  const thread = real.codex.startThread(inRepo);
  await thread.run("Prompt one");
  const fork = thread.fork();
  await fork.run("Prompt two");
  await Deno.remove(readRollout(home, thread.id ?? ""));
  const missing = await assertRejects(
    () => exportThread(thread.id ?? "", { codexHome: home }),
    CodexThreadNotFoundError,
  );
  assertEquals(missing.requestedThreadId, thread.id);
  const error = await assertRejects(
    () => exportThread(fork.id ?? "", { codexHome: home }),
    CodexThreadBundleError,
  );
  assertStringIncludes(error.message, `forked from thread ${thread.id}`);
});
