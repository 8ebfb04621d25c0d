/** The public API on a fake CLI. @module */

import { Codex, type CodexOptions, type ThreadEvent } from "../../mod.ts";
import { completedTurn, type FakeSteps } from "../../src/testing/fake.ts";
import { FakeCodex, makeSteps, say } from "../support/fake_codex.ts";
import { SLEEP } from "../../src/testing/waiting.ts";

export { THREAD_ID } from "../../src/testing/fake.ts";

/** The id of a thread that the turns do not open. */
export const OTHER_ID = "01a204fd-0000-7c33-a821-7f8c92f2a0ef";

/** The start of a turn, and a message. */
export const BEGIN: readonly string[] = completedTurn("Hi").slice(0, 3);

/** A client on a fake CLI. */
export class FakeClient extends FakeCodex {
  /** The client. */
  readonly codex: Codex;

  /** Creates the client and its CLI in a folder, which is removed with it. */
  constructor(folder: string, steps: FakeSteps, options: CodexOptions) {
    super(folder, ["record", steps]);
    this.codex = new Codex({ codexPathOverride: this.path, ...options });
  }

  /** Reads the lines that the script has written to `$FAKE_HOME/log`. */
  log(): string[] {
    return this.lines("log");
  }
}

/** Creates a client on a fake CLI; the steps are those of `fakeCodex`. */
export async function fakeClient(
  steps: string | readonly FakeSteps[],
  options: CodexOptions = {},
): Promise<FakeClient> {
  const folder = await Deno.makeTempDir({ prefix: "fake-codex-" });
  return new FakeClient(folder, makeSteps(steps), options);
}

/** A script that prints these lines and hangs until SIGINT. */
export function hangingAfter(...lines: readonly string[]): string {
  return `${say(...lines)}\nexec ${SLEEP}`;
}

/** Returns the types of events. */
export function types(events: readonly ThreadEvent[]): string[] {
  return events.map((event) => event.type);
}
