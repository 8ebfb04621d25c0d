/** The public API on a fake CLI. @module */

import { Codex, type CodexOptions, type ThreadEvent } from "../../mod.ts";
import { type FakeCodex, fakeCodex } from "../support/fake_codex.ts";
import { SLEEP, until } from "../support/waiting.ts";

/** The id of the thread that the fakes open. */
export const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** The id of a thread that they know nothing of. */
export const OTHER_ID = "01a204fd-0000-7c33-a821-7f8c92f2a0ef";

/** Prints what a turn begins with, and a message. */
export const BEGIN = [
  `{"type":"thread.started","thread_id":"${THREAD_ID}"}`,
  '{"type":"turn.started"}',
  '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"Hi"}}',
];

/** A client on a fake CLI. */
export interface FakeClient extends FakeCodex {
  /** The client. */
  readonly codex: Codex;
  /** How often the fake was started: it says so by itself. */
  starts(): Promise<number>;
  /** The lines that the script has written to `$FAKE_HOME/log`. */
  log(): Promise<string[]>;
}

/** Makes a client on a fake CLI; the script is that of `fakeCodex`. */
export async function fakeClient(
  script: string,
  options: CodexOptions = {},
): Promise<FakeClient> {
  const fake = await fakeCodex(`echo >> "$FAKE_HOME/starts"\n${script}`);
  const lines = async (name: string): Promise<string[]> => {
    const text = await Deno.readTextFile(`${fake.folder}/${name}`)
      .catch(() => "");
    return text.split("\n").slice(0, -1);
  };
  return {
    path: fake.path,
    folder: fake.folder,
    codex: new Codex({ codexPathOverride: fake.path, ...options }),
    starts: async () => (await lines("starts")).length,
    log: () => lines("log"),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

/** A script that prints the beginning of a turn and hangs, but ends on SIGINT. */
export function hangingAfter(...lines: readonly string[]): string {
  return `${say(...lines)}\nexec ${SLEEP}`;
}

/** A piece of a script that prints lines. */
export function say(...lines: readonly string[]): string {
  return lines.map((line) =>
    `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}'`
  )
    .join("\n");
}

/** Waits until the script has made a file in its folder. */
export async function made(fake: FakeCodex, name: string): Promise<void> {
  const path = `${fake.folder}/${name}`;
  await until(path, () => Deno.stat(path).catch(() => undefined));
}

/** The types of events. */
export function types(events: readonly ThreadEvent[]): string[] {
  return events.map((event) => event.type);
}
