/**
 * Starts Redis and PostgreSQL from the system's packages, on free ports of loopback,
 * with their data in a given folder. They end at the end of an `await using` block.
 *
 * @module
 */

import { succeed } from "../../scripts/run.ts";
import { exists } from "../../scripts/project.ts";
import { spawn } from "./children.ts";
import { until } from "../../src/testing/waiting.ts";

/** A running server. */
export interface Service extends AsyncDisposable {
  /** The variable that tells the example's programs its address. */
  readonly env: { readonly [name: string]: string };
}

/** Starts nothing. */
export function noService(): Promise<Service> {
  return Promise.resolve({
    env: {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** Starts Redis. */
export async function startRedis(folder: string): Promise<Service> {
  const program = await find("redis-server", "redis-server", [
    "/usr/bin",
    "/usr/local/bin",
  ]);
  await Deno.mkdir(folder);
  const port = freePort();
  const child = spawn(program, {
    args: [
      ...["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder],
      ...["--save", "", "--maxmemory-policy", "noeviction"],
      ...["--logfile", `${folder}/log`],
    ],
    stdin: "null",
  });
  return await serve({
    name: "redis",
    child,
    port,
    endedBy: "SIGTERM",
    env: { REDIS_URL: `redis://127.0.0.1:${port}` },
  });
}

/**
 * Starts PostgreSQL. It refuses to run as root, so it then runs as the user `postgres`.
 */
export async function startPostgres(folder: string): Promise<Service> {
  const bin = await postgresFolders();
  const initdb = await find("initdb", "postgresql", bin);
  const program = await find("postgres", "postgresql", bin);
  await Deno.mkdir(folder);
  const user = Deno.uid() === 0 ? await readIds("postgres") : undefined;
  if (user !== undefined) await Deno.chown(folder, user.uid, user.gid);
  const data = `${folder}/data`;
  const made = await new Deno.Command(initdb, {
    args: ["--pgdata", data, "--auth", "trust", "--username", "fleet"],
    cwd: folder,
    ...user,
  }).output();
  if (!made.success) {
    throw new Error(`initdb failed: ${new TextDecoder().decode(made.stderr)}`);
  }
  const port = freePort();
  const child = spawn(program, {
    args: [
      ...["-D", data, "-p", `${port}`, "-c", "listen_addresses=127.0.0.1"],
      ...["-c", "unix_socket_directories=", "-c", "logging_collector=on"],
    ],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...user,
  });
  return await serve({
    name: "postgres",
    child,
    port,
    // A fast shutdown; SIGTERM would wait for the clients.
    endedBy: "SIGINT",
    env: { DATABASE_URL: `postgres://fleet@127.0.0.1:${port}/postgres` },
  });
}

/** A started server. */
interface Started {
  readonly name: string;
  readonly child: Deno.ChildProcess;
  readonly port: number;
  readonly endedBy: Deno.Signal;
  readonly env: { readonly [name: string]: string };
}

/** Waits until a server listens, and ends it if it does not. */
async function serve(
  { name, child, port, endedBy, env }: Started,
): Promise<Service> {
  let ended = false;
  const status = child.status.finally(() => ended = true);
  const end = async (): Promise<void> => {
    if (!ended) child.kill(endedBy);
    await status;
  };
  try {
    await until(`${name} listens`, async () => {
      if (ended) throw new Error(`${name} ended as it was started`);
      return await isListening(port) || undefined;
    });
  } catch (error) {
    await end();
    throw error;
  }
  return { env, [Symbol.asyncDispose]: end };
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** Returns a port that is not in use at the moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Returns the path of a program, or throws an error that says how to install it. */
async function find(
  name: string,
  packageName: string,
  folders: readonly string[],
): Promise<string> {
  for (const folder of folders) {
    if (await exists(`file://${folder}/${name}`)) return `${folder}/${name}`;
  }
  throw new Error(
    `There is no ${name} here: apt-get install ${packageName} (looked in ${
      folders.join(", ")
    })`,
  );
}

/** Lists the folders of PostgreSQL's programs in Debian, the newest version first. */
async function postgresFolders(): Promise<string[]> {
  const root = "/usr/lib/postgresql";
  if (!await exists(`file://${root}`)) return [root];
  const versions = await Array.fromAsync(
    Deno.readDir(root),
    ({ name }) => name,
  );
  return versions.sort((a, b) => Number(b) - Number(a))
    .map((version) => `${root}/${version}/bin`);
}

/** Returns the ids of a user and its group. */
async function readIds(user: string): Promise<{ uid: number; gid: number }> {
  return {
    uid: Number(await succeed("id", ["-u", user])),
    gid: Number(await succeed("id", ["-g", user])),
  };
}
