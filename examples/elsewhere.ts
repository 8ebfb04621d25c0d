/**
 * Runs a server in one process and a client in another: `deno run -A examples/elsewhere.ts`
 * starts both. With an address, such as `ws://127.0.0.1:4500`, it starts only the client,
 * which needs only `--allow-net=127.0.0.1:4500 --allow-env=CODEX_TOKEN`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { CodexAppServer } from "@acodex/sdk/app-server";

const [address] = Deno.args;
if (address === undefined) {
  const server = new Deno.Command("codex", {
    args: ["app-server", "--listen", "ws://127.0.0.1:0"],
    stderr: "piped",
  }).spawn();
  try {
    await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        import.meta.filename ?? "",
        await readAddress(server),
      ],
      stdout: "inherit",
      stderr: "inherit",
    }).output();
  } finally {
    server.kill();
    await server.status;
  }
} else {
  const codex = new CodexAppServer({
    connect: address,
    token: Deno.env.get("CODEX_TOKEN"),
  });
  try {
    const thread = codex.startThread({ sandboxMode: "read-only" });
    console.log((await thread.run("What is in this folder?")).finalResponse);
  } finally {
    await codex.close();
  }
}

/** Reads the address that a server prints on stderr. */
async function readAddress({ stderr }: Deno.ChildProcess): Promise<string> {
  let text = "";
  for await (
    const chunk of stderr.pipeThrough(new TextDecoderStream())
      .values({ preventCancel: true })
  ) {
    text += chunk;
    const address = /listening on: (ws:\S+)\s/.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`The server does not listen: ${text}`);
}
