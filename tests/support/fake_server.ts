/**
 * Starts a server that does what a test specifies, for what the real one does not do on
 * demand.
 *
 * @module
 */

import {
  CodexAppServer,
  type CodexAppServerOptions,
} from "../../app_server.ts";

/** One step of the fake server in a turn. */
export type FakeStep =
  /** Reports that the turn has begun. */
  | { readonly do: "begin" }
  /** Sends a message of the agent. */
  | { readonly do: "say"; readonly text: string }
  /**
   * Sends a notification, in which `$THREAD` and `$TURN` are replaced by the turn's
   * ids, and `$LONG` by 20 MB.
   */
  | {
    readonly do: "tell";
    readonly method: string;
    readonly params: object;
    readonly times?: number;
  }
  /** Sends a request; its answer is sent back as a warning that begins with ANSWER. */
  | {
    readonly do: "ask";
    readonly id: number;
    readonly method: string;
    readonly params: object;
  }
  /** Waits until a request has been answered. */
  | { readonly do: "answered" }
  /** Reports that the thread is idle. */
  | { readonly do: "idle" }
  /** Reports that the turn is over. */
  | { readonly do: "end"; readonly status?: string }
  /** Prints a text unchanged. */
  | { readonly do: "print"; readonly text: string }
  /** Waits. */
  | { readonly do: "wait"; readonly ms: number }
  /** Exits, with a text on stderr. */
  | { readonly do: "exit"; readonly code: number; readonly words?: string };

/** The behaviour of a fake server in all turns. */
export interface FakeServerOptions {
  /** Its version. */
  readonly version?: string;
  /** The requests that it never answers. */
  readonly mute?: readonly string[];
  /**
   * How long it delays requests of a method, in ms: the first one by the first number,
   * and so on.
   */
  readonly late?: { readonly [method: string]: readonly number[] };
  /**
   * The requests that it rejects; `$PARAMS` in the message is replaced by the request's
   * parameters.
   */
  readonly refuse?: {
    readonly [method: string]: {
      readonly code: number;
      readonly message: string;
      readonly data?: unknown;
    };
  };
  /** Other results for requests. */
  readonly results?: { readonly [method: string]: unknown };
  /** Milliseconds that it takes to unload a thread. */
  readonly unloadMs?: number;
  /** The turns that it lists. */
  readonly turns?: readonly object[];
  /** True if it keeps running when its stdin has ended. */
  readonly staysAfterEnd?: boolean;
}

/** A fake server with its client. */
export interface FakeServer extends AsyncDisposable {
  /** The client; closed at the end. */
  readonly codex: CodexAppServer;
  /** Returns the prompt that makes the server run steps. */
  prompt(...steps: readonly FakeStep[]): string;
}

/** Options of threads on a fake server. */
export const ANYWHERE = {
  skipGitRepoCheck: true,
  sandboxMode: "read-only",
} as const;

/** Creates a fake server and its client. */
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
