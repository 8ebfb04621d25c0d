/** Runs the blocking client on a fake CLI. @module */

import type { CodexOptions } from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import type { FakeSteps } from "../../src/testing/fake.ts";
import { FakeCodex, makeSteps } from "../support/fake_codex.ts";

/** A blocking client on a fake CLI. */
export class FakeClientSync extends FakeCodex {
  /** The client. */
  readonly codex: CodexSync;

  /** Creates the fake CLI in a folder, which is removed with it, and its client. */
  constructor(folder: string, steps: FakeSteps, options: CodexOptions) {
    super(folder, ["record", "pid pid", steps]);
    this.codex = new CodexSync({ codexPathOverride: this.path, ...options });
  }

  /** Tells whether its last process exists, even as a zombie. */
  isThere(): boolean {
    try {
      Deno.kill(Number(this.lines("pid")[0]), "SIGCONT");
      return true;
    } catch {
      return false;
    }
  }
}

/** Creates a blocking client on a fake CLI; the steps are those of `fakeCodex`. */
export async function fakeClientSync(
  steps: string | readonly FakeSteps[],
  options: CodexOptions = {},
): Promise<FakeClientSync> {
  const folder = await Deno.makeTempDir({ prefix: "fake-codex-" });
  return new FakeClientSync(folder, makeSteps(steps), options);
}
