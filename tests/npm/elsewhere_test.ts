import { assert, assertEquals } from "@std/assert";
import { installPackage } from "../../scripts/conformance/package.ts";
import {
  installRuntime,
  RUNTIMES,
} from "../../scripts/conformance/runtimes.ts";
import { installCached } from "../../scripts/npm/tools.ts";
import { modelAnswer, modelCommand, modelMessage } from "../../testing.ts";
import {
  type ListeningServer,
  listeningServer,
  type Tunnel,
  tunnelTo,
} from "../support/listening_server.ts";
import { MINUTE_MS, SLEEP } from "../../src/testing/waiting.ts";

const PROGRAM = new URL("./elsewhere_program.mjs", import.meta.url);
const TOKEN = "a-token-that-nobody-may-see";
const WS = "ws@8.18.3";

/** The program's output if everything works. */
const EXPECTED = [
  "Hello",
  "running",
  ["turn_incomplete", "disconnected"],
  "Going on",
  "running",
  ["turn_incomplete", "disconnected"],
  "On another one",
  ["connection_failed", "unauthorized"],
  "Bye",
];

for (const name of ["deno", "node20", "node24", "bun"]) {
  Deno.test(`A server elsewhere can be used on ${name}, with lost connections, a restarted server and a wrong token`, async () => {
    await using server = await listen();
    await using tunnel = tunnelTo(server.url);
    const folder = await packageFolder(name === "node20");
    try {
      const said = await runProgram(name, folder, server, tunnel);
      assertEquals(said, EXPECTED);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

// The package ws is an optional peer dependency (facts R38).
Deno.test("Node 20 reports a missing ws package", async () => {
  await using server = await listen();
  await using tunnel = tunnelTo(server.url);
  const folder = await packageFolder(false);
  try {
    const said = await runProgram("node20", folder, server, tunnel);
    assertEquals(said, Array(7).fill(["host_unavailable", "ws"]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function listen(): Promise<ListeningServer> {
  return listeningServer([
    modelAnswer(modelMessage("Hello")),
    modelAnswer(modelCommand("sleep 2")),
    modelAnswer(modelMessage("Slept")),
    modelAnswer(modelMessage("Going on")),
    modelAnswer(modelCommand(SLEEP)),
    modelAnswer(modelMessage("On another one")),
    modelAnswer(modelMessage("Bye")),
  ], async (home) => {
    await Deno.writeTextFile(`${home}/token`, TOKEN);
    return [
      ...["--ws-auth", "capability-token"],
      ...["--ws-token-file", `${home}/token`],
    ];
  });
}

/** Creates the folder of a program with the package, and optionally with ws. */
async function packageFolder(hasWs: boolean): Promise<string> {
  const installed = await installPackage();
  const folder = await Deno.makeTempDir({ prefix: "acodex_elsewhere_" });
  await Deno.mkdir(`${folder}/node_modules/@acodex`, { recursive: true });
  // Copied, because from a link's target another ws would be found.
  await copyFolder(
    new URL("node_modules/@acodex/sdk/", installed).pathname,
    `${folder}/node_modules/@acodex/sdk`,
  );
  if (hasWs) {
    await Deno.symlink(
      `${await installCached("ws", [WS])}/node_modules/ws`,
      `${folder}/node_modules/ws`,
    );
  }
  await Deno.copyFile(PROGRAM, `${folder}/program.mjs`);
  await Deno.writeTextFile(`${folder}/package.json`, '{"type":"module"}\n');
  return folder;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const copy = isDirectory ? copyFolder : Deno.copyFile;
    await copy(`${from}/${name}`, `${to}/${name}`);
  }
}

/**
 * Runs the program, breaks the connection or the server when a command runs, and
 * returns the output.
 */
async function runProgram(
  name: string,
  folder: string,
  server: ListeningServer,
  tunnel: Tunnel,
): Promise<unknown[]> {
  const runtime = RUNTIMES.find((each) => each.name === name);
  assert(runtime !== undefined);
  // Deno needs network permission only for this host.
  const { host } = new URL(tunnel.url);
  const flags = name === "deno"
    ? ["run", "--no-prompt", `--allow-net=${host}`]
    : [];
  const child = new Deno.Command(await installRuntime(runtime), {
    args: [
      ...flags,
      "program.mjs",
      JSON.stringify({
        connect: tunnel.url,
        token: TOKEN,
        thread: server.inRepo,
      }),
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(MINUTE_MS),
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const said: unknown[] = [];
  const breaks = [
    () => tunnel.drop(),
    async () => {
      // The server is back between a failed attempt and the question whether it is there.
      const restarted = Promise.withResolvers<void>();
      tunnel.closeNext(restarted.promise);
      await server.kill();
      await server.restart();
      restarted.resolve();
    },
  ];
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      said.push(JSON.parse(line));
      if (said.at(-1) === "running") await breaks.shift()?.();
    }
  }
  const { code } = await child.status;
  assertEquals([code, said.length > 0], [0, true], await stderr);
  await stderr;
  return said;
}
