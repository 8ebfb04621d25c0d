/**
 * Tests threads that move between homes, and that are kept in a store.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { CodexCancelledError, CodexThreadBusyError } from "@acodex/sdk";
import {
  modelAnswer,
  modelHang,
  modelMessage,
  threadStoreTests,
} from "@acodex/sdk/testing";
import {
  CodexThreadBundleError,
  exportThread,
  FolderThreadStore,
  importThread,
} from "@acodex/sdk/threads";
import { behaviour } from "../support/behaviour.ts";
import { rejection } from "../support/expect.ts";
import { realCli } from "../support/real_cli.ts";

/** The functions under test do not depend on the client: one column suffices. */
const ONCE = { clients: ["async"] } as const;

async function readBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}

behaviour(
  "A fork moves to another home, continues there, and moves back",
  async (context) => {
    const { codex, client, env, home, inRepo, model } = await realCli(
      context,
      ({ prompt }) => modelAnswer(modelMessage(`To ${prompt}`)),
    );
    const thread = codex.startThread(inRepo);
    await thread.run("Prompt one");
    const fork = thread.fork();
    await fork.run("Prompt two");
    const id = fork.id ?? "";
    const elsewhere = context.path("elsewhere");
    const imported = await importThread(
      await exportThread(id, { codexHome: home }),
      { codexHome: elsewhere, expectId: id },
    );
    assert.equal(imported.id, id);
    assert.equal(imported.modelProvider, "mock");
    if (process.platform !== "win32") {
      assert.equal(statSync(join(elsewhere, "sessions")).mode & 0o777, 0o700);
    }
    const there = client({ env: { ...env, CODEX_HOME: elsewhere } });
    await there.resumeThread(id, inRepo).run("Prompt three");
    const sent = JSON.stringify(model.requests.at(-1)?.body);
    for (const prompt of ["one", "two", "three"]) {
      assert.ok(sent.includes(`Prompt ${prompt}`));
    }
    await importThread(
      await readBytes(await exportThread(id, { codexHome: elsewhere })),
      { codexHome: home },
    );
    await fork.run("Prompt four");
    assert.ok(
      JSON.stringify(model.requests.at(-1)?.body).includes("Prompt three"),
    );
  },
  ONCE,
);

behaviour(
  "A thread whose turn runs can be exported, but not replaced",
  async (context) => {
    const { codex, home, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
      modelHang(),
    ]);
    const thread = codex.startThread(inRepo);
    await thread.run("Prompt one");
    const id = thread.id ?? "";
    const bundle = await readBytes(await exportThread(id, { codexHome: home }));
    const stop = new AbortController();
    const streamed = await thread.runStreamed("Go", { signal: stop.signal });
    await rejection(
      (async () => {
        for await (const event of streamed.events) {
          if (event.type !== "turn.started") continue;
          await readBytes(await exportThread(id, { codexHome: home }));
          const options = { codexHome: home, onExisting: "replace" } as const;
          await rejection(importThread(bundle, options), CodexThreadBusyError);
          stop.abort();
        }
      })(),
      CodexCancelledError,
    );
    await importThread(bundle, { codexHome: home, onExisting: "replace" });
  },
  ONCE,
);

behaviour(
  "A truncated, corrupt or oversized bundle is rejected, and nothing is written",
  async (context) => {
    const { codex, home, inRepo } = await realCli(context, [
      modelAnswer(modelMessage("One")),
    ]);
    const thread = codex.startThread(inRepo);
    await thread.run("Prompt one");
    const id = thread.id ?? "";
    const bundle = await readBytes(await exportThread(id, { codexHome: home }));
    const spoilt = bundle.slice();
    spoilt[bundle.length >> 1] = (spoilt[bundle.length >> 1] ?? 0) ^ 1;
    const bomb = await readBytes(
      new Blob([new Uint8Array(64 * 1024 ** 2).fill(32)]).stream()
        .pipeThrough(new CompressionStream("gzip")),
    );
    const codexHome = context.path("elsewhere");
    mkdirSync(codexHome);
    for (const each of [bundle.slice(0, -1), spoilt, bomb, new Uint8Array(9)]) {
      await rejection(
        importThread(each, { codexHome }),
        CodexThreadBundleError,
      );
    }
    // A stream that never ends and whose first bytes are wrong.
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(100)),
      cancel(): void {
        isCancelled = true;
      },
    });
    await rejection(
      importThread(endless, { codexHome }),
      CodexThreadBundleError,
    );
    assert.ok(isCancelled);
    assert.deepEqual(readdirSync(codexHome), []);
  },
  ONCE,
);

behaviour(
  "FolderThreadStore passes the published tests for stores",
  async (context) => {
    const folder = context.path("store");
    for (
      const { name, run } of threadStoreTests(
        () => new FolderThreadStore(folder),
      )
    ) {
      await run().catch((cause) => {
        throw new Error(name, { cause });
      });
    }
  },
  ONCE,
);
