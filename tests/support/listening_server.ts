/**
 * Starts a real `codex app-server` that listens, like one that someone else runs, with
 * a scripted model for the service; and connections to it that can be cut.
 *
 * @module
 */

import {
  CodexAppServer,
  type CodexAppServerOptions,
  type ServerThreadOptions,
} from "../../app_server.ts";
import { serializeConfigOverrides } from "../../src/cli/config_overrides.ts";
import { locateCodex } from "../../src/cli/locate/locate.ts";
import { currentRuntime } from "../../src/runtime/current.ts";
import {
  type ModelReplyFunction,
  type ModelScriptStep,
  ScriptedModel,
} from "../../testing.ts";
import { assertNothingRuns, OPEN } from "./real_codex.ts";
import { until } from "../../src/testing/waiting.ts";
import { fillHome } from "../../src/testing/warm_home.ts";
import { tempFolder } from "./temp_folder.ts";

/**
 * The CLI's executable rather than the script that starts it, so that a signal reaches
 * the server.
 */
export const CODEX_BINARY: string =
  (await locateCodex(currentRuntime())).program;

/** A server that listens. */
export interface ListeningServer extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** The model, with the requests that it received. */
  readonly model: ScriptedModel;
  /** The CLI's home. */
  readonly home: string;
  /** A folder for the agent to work in. */
  readonly repo: string;
  /** The environment that a CLI needs to use the same model and home. */
  readonly env: { readonly [name: string]: string };
  /** The CLI's arguments that name the model. */
  readonly settings: readonly string[];
  /** Options of threads that work in `repo`, without a sandbox from the host. */
  readonly inRepo: ServerThreadOptions;
  /** Creates a client of the server; closed at the end. */
  client(options?: CodexAppServerOptions): CodexAppServer;
  /** Kills the server without notifying its clients. */
  kill(): Promise<void>;
  /** Starts it again at the same address, with the same home. */
  restart(): Promise<void>;
  /** Tells whether its process is running. */
  isRunning(): boolean;
}

/**
 * Starts a server that listens on loopback.
 *
 * @param args Builds further arguments of `codex app-server` for its home.
 */
export async function listeningServer(
  script: readonly ModelScriptStep[] | ModelReplyFunction,
  args: (home: string) => Promise<readonly string[]> = () =>
    Promise.resolve([]),
): Promise<ListeningServer> {
  await using stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await tempFolder());
  const { path: repo } = stack.use(await tempFolder());
  fillHome(home);
  const model = stack.use(await ScriptedModel.start(script));
  stack.defer(() => assertNothingRuns(home));
  const env = { ...model.env(home), PATH: Deno.env.get("PATH") ?? "" };
  const settings = serializeConfigOverrides(model.config)
    .flatMap((setting) => ["--config", setting]);
  const further = await args(home);
  let running: Running | undefined;
  let port = "0";
  const start = async (): Promise<void> => {
    running = await startServer(
      ["app-server", "--listen", `ws://127.0.0.1:${port}`],
      [...settings, ...further],
      env,
      repo,
    );
    port = new URL(running.url).port;
  };
  stack.defer(async () => await running?.end("SIGTERM"));
  await start();
  const clients: CodexAppServer[] = [];
  stack.defer(async () => {
    for (const each of clients) await each.close();
  });
  const left = stack.move();
  const url = `ws://127.0.0.1:${port}`;
  return {
    ...{ url, model, home, repo, env, settings },
    inRepo: { ...OPEN, workingDirectory: repo },
    client(options = {}): CodexAppServer {
      const made = new CodexAppServer({ connect: url, ...options });
      clients.push(made);
      return made;
    },
    kill: async () => await running?.end("SIGKILL"),
    restart: start,
    isRunning: () => running?.isRunning() ?? false,
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/** A server's process. */
interface Running {
  readonly url: string;
  isRunning(): boolean;
  /** Sends a signal and waits until the process has exited. */
  end(signal: Deno.Signal): Promise<void>;
}

async function startServer(
  listen: readonly string[],
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Running> {
  const child = new Deno.Command(CODEX_BINARY, {
    args: [...listen, ...args],
    env,
    cwd,
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  let isRunning = true;
  child.status.then(() => isRunning = false);
  const reading = (async () => {
    const text = child.stderr.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) stderr += chunk;
  })();
  const url = await until(
    "the address of the server",
    () =>
      /listening on: (\S+)/.exec(stderr)?.[1] ??
        (isRunning ? undefined : `none: ${stderr}`),
  );
  if (!URL.canParse(url)) throw new Error(url);
  return {
    url,
    isRunning: () => isRunning,
    async end(signal): Promise<void> {
      if (isRunning) child.kill(signal);
      await Promise.all([child.status, reading]);
    },
  };
}

/** A forwarded connection to a server, which can be cut. */
export interface Tunnel extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** The number of connections made through it. */
  readonly count: number;
  /** Cuts all connections; new ones are accepted. */
  drop(): void;
  /** Stops forwarding data, without closing any connection. */
  stall(): void;
  /** Accepts the next connection, and closes it when the promise resolves. */
  closeNext(when: Promise<unknown>): void;
}

/** Starts forwarding to the server at an address. */
export function tunnelTo(url: string): Tunnel {
  const { port } = new URL(url);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const piping = new Set<Promise<unknown>>();
  let count = 0;
  let isStalled = false;
  let closesNext: Promise<unknown> | undefined;
  const close = (conn: Deno.Conn): void => {
    if (open.delete(conn)) conn.close();
  };
  const serve = async (near: Deno.Conn): Promise<void> => {
    open.add(near);
    count++;
    const closing = closesNext;
    closesNext = undefined;
    try {
      if (closing !== undefined) return await closing.then(() => close(near));
      const far = await Deno.connect({
        hostname: "127.0.0.1",
        port: Number(port),
      });
      open.add(far);
      const ended = Promise.allSettled([
        copy(near, far, () => isStalled),
        copy(far, near, () => isStalled),
      ].map((each) =>
        each.catch(() => {}).finally(() => {
          close(near);
          close(far);
        })
      ));
      await ended;
    } catch {
      close(near);
    }
  };
  const listening = (async () => {
    for await (const conn of listener) piping.add(serve(conn));
  })();
  return {
    url: `ws://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    get count() {
      return count;
    },
    drop: () => [...open].forEach(close),
    stall: () => {
      isStalled = true;
    },
    closeNext: (when) => {
      closesNext = when;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      [...open].forEach(close);
      await listening;
      await Promise.all(piping);
    },
  };
}

async function copy(
  from: Deno.Conn,
  to: Deno.Conn,
  isStalled: () => boolean,
): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await from.read(buffer);
    if (count === null) return;
    if (isStalled()) continue;
    for (let sent = 0; sent < count;) {
      sent += await to.write(buffer.subarray(sent, count));
    }
  }
}
