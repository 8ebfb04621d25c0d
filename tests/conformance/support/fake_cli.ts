/**
 * A client over a stand-in for the CLI, a POSIX shell script: for what the real
 * one will not do on demand.
 *
 * @module
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { CodexOptions, Thread } from "@acodex/sdk";
import { Codex } from "./client.ts";
import type { Setting } from "./setting.ts";
import { until } from "./setting.ts";

export { completedTurn, printing } from "../../support/fake_codex.ts";

/** What the fake CLI calls every thread. */
export const THREAD_ID = "01a204fd-5d2f-7c33-a821-7f8c92f2a0ef";

/** A fake CLI and a client that uses it. */
export interface FakeCli {
  /** The program. */
  readonly path: string;
  /** A client that uses it. */
  readonly codex: Codex;
  /** A thread of that client. */
  readonly thread: Thread;
  /** Whether the script has left a note, a file in `$FAKE_HOME`. */
  hasNote(name: string): boolean;
  /** Waits for a note, and reads it. */
  note(name: string): Promise<string>;
}

/**
 * Makes a fake CLI of a shell script. The script gets the CLI's arguments, stdin
 * and environment, and `$FAKE_HOME`, where it may leave notes.
 */
export function fakeCli(
  setting: Setting,
  script: string,
  options: CodexOptions = {},
): FakeCli {
  const home = mkdtempSync(setting.path("fake-"));
  const path = writeProgram(
    home,
    `#!/bin/sh\nFAKE_HOME='${home}'\n${script}\n`,
  );
  const codex = new Codex({
    codexPathOverride: path,
    env: setting.env,
    ...options,
  });
  const hasNote = (name: string): boolean => existsSync(join(home, name));
  return {
    path,
    codex,
    thread: codex.startThread({ skipGitRepoCheck: true }),
    hasNote,
    async note(name): Promise<string> {
      // Written in two steps by the shell: there first, and whole a little later.
      await until(
        `there is a note "${name}"`,
        () => hasNote(name) && readNote(home, name).endsWith("\n"),
      );
      return readNote(home, name).trim();
    },
  };
}

function readNote(home: string, name: string): string {
  return readFileSync(join(home, name), "utf8");
}

/** Writes a program named `codex` to a folder, which is made. */
export function writeProgram(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "codex");
  writeFileSync(path, text, { mode: 0o700 });
  return path;
}
