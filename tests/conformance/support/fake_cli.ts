/**
 * A client over a fake CLI, for what the real one does not do on demand.
 *
 * @module
 */

import { mkdtempSync } from "node:fs";
import type { CodexOptions, Thread } from "@acodex/sdk";
import { FakeCli, type FakeSteps } from "../../../src/testing/fake.ts";
import { Codex } from "./client.ts";
import type { TestContext } from "./test_context.ts";

/** A fake CLI and a client that uses it. */
export interface FakeClient
  extends Pick<FakeCli, "path" | "folder" | "requests" | "hasNote" | "note"> {
  /** A client that uses it. */
  readonly codex: Codex;
  /** A thread of that client. */
  readonly thread: Thread;
}

/** Creates a fake CLI from its steps, in a new folder. */
export function fakeCli(
  context: TestContext,
  steps: FakeSteps,
  options: CodexOptions = {},
): FakeClient {
  const fake = new FakeCli(mkdtempSync(context.path("fake-")), steps);
  const codex = new Codex({
    codexPathOverride: fake.path,
    env: context.env,
    ...options,
  });
  return {
    path: fake.path,
    folder: fake.folder,
    get requests() {
      return fake.requests;
    },
    codex,
    thread: codex.startThread({ skipGitRepoCheck: true }),
    hasNote: (name) => fake.hasNote(name),
    note: (name) => fake.note(name),
  };
}
