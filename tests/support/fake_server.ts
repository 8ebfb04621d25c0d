/** A server that does what a test says, for what the real one will not do on demand. @module */

import {
  CodexAppServer,
  type CodexAppServerOptions,
} from "../../app_server.ts";

/** One thing that the fake server does in a turn. */
export type FakeStep =
  /** Says that the turn has begun. */
  | { readonly do: "begin" }
  /** Says something. */
  | { readonly do: "say"; readonly text: string }
  /** Sends a notification; `$THREAD` and `$TURN` in it are the turn's, `$LONG` is 20 MB. */
  | {
    readonly do: "tell";
    readonly method: string;
    readonly params: object;
    readonly times?: number;
  }
  /** Sends a request, whose answer comes back as a warning that begins with ANSWER. */
  | {
    readonly do: "ask";
    readonly id: number;
    readonly method: string;
    readonly params: object;
  }
  /** Waits until something has been answered. */
  | { readonly do: "answered" }
  /** Says that the thread is idle. */
  | { readonly do: "idle" }
  /** Says that the turn is over. */
  | { readonly do: "end"; readonly status?: string }
  /** Prints a text as it is. */
  | { readonly do: "print"; readonly text: string }
  /** Waits. */
  | { readonly do: "wait"; readonly ms: number }
  /** Exits, with words on stderr. */
  | { readonly do: "exit"; readonly code: number; readonly words?: string };

/** What a fake server is like in all turns. */
export interface FakeServerOptions {
  /** Its version. */
  readonly version?: string;
  /** The requests that it never answers. */
  readonly mute?: readonly string[];
  /** How long it stands still before it takes requests, in ms: the first one first. */
  readonly late?: { readonly [method: string]: readonly number[] };
  /** The requests that it refuses; `$PARAMS` in the message is what was asked. */
  readonly refuse?: {
    readonly [method: string]: {
      readonly code: number;
      readonly message: string;
      readonly data?: unknown;
    };
  };
  /** The requests that it answers with something else. */
  readonly results?: { readonly [method: string]: unknown };
  /** How long it takes to let a thread go, in ms. */
  readonly unloadMs?: number;
  /** The turns that it lists. */
  readonly turns?: readonly object[];
  /** True if it stays when its stdin has ended. */
  readonly staysAfterEnd?: boolean;
}

/** A client of a fake server. */
export interface FakeServer extends AsyncDisposable {
  /** The client; closed at the end. */
  readonly codex: CodexAppServer;
  /** Makes the prompt that has the server do something. */
  prompt(...steps: readonly FakeStep[]): string;
}

/** Options of threads on a fake server. */
export const ANYWHERE = {
  skipGitRepoCheck: true,
  sandboxMode: "read-only",
} as const;

/** Makes a fake server, and a client of it. */
export async function fakeServer(
  fake: FakeServerOptions = {},
  options: CodexAppServerOptions = {},
): Promise<FakeServer> {
  const folder = await Deno.makeTempDir({ prefix: "acodex_fake_server_" });
  const program = `${folder}/codex`;
  const source = new URL("./fake_server_program.ts", import.meta.url).pathname;
  const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
  await Deno.writeTextFile(
    program,
    `#!/bin/sh\nexec ${
      [Deno.execPath(), "run", "-A", "--no-check", "--no-config", source]
        .map(quote).join(" ")
    } ${quote(JSON.stringify(fake))}\n`,
  );
  await Deno.chmod(program, 0o755);
  const codex = new CodexAppServer({ codexPathOverride: program, ...options });
  return {
    codex,
    prompt: (...steps) => JSON.stringify(steps),
    async [Symbol.asyncDispose]() {
      await codex.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
