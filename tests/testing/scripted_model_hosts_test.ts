import { assertEquals } from "@std/assert";
import { Codex } from "../../mod.ts";
import { modelAnswer, modelMessage } from "../../testing.ts";
import { startRealCli } from "../../src/testing/real_cli.ts";
import { until } from "../../src/testing/waiting.ts";

/** Starts a proxy on loopback that rejects all requests, and lists the requested hosts. */
function startProxy(): AsyncDisposable & { url: string; hosts: Set<string> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hosts = new Set<string>();
  const serving = (async () => {
    for await (const connection of listener) {
      using held = connection;
      const buffer = new Uint8Array(1024);
      const length = await held.read(buffer).catch(() => null);
      const text = new TextDecoder().decode(buffer.subarray(0, length ?? 0));
      hosts.add(/^CONNECT ([^:]+):/.exec(text)?.[1] ?? text);
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    hosts,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("A turn on a scripted model contacts no host except the model (facts F73)", async () => {
  await using proxy = startProxy();
  await using real = await startRealCli(
    () => modelAnswer(modelMessage("Done")),
    { env: { HTTPS_PROXY: proxy.url, https_proxy: proxy.url } },
  );
  const { config } = real.codexOptions;
  const run = (more: object): Promise<unknown> =>
    new Codex({ ...real.codexOptions, config: { ...config, ...more } })
      .startThread(real.inRepo).run("Go");
  await run({});
  assertEquals([...proxy.hosts], []);

  // Without these settings, the CLI contacts these hosts if its turn lasts long enough.
  for (
    const [host, more] of [
      ["github.com", { features: { ...config.features, plugins: true } }],
      ["ab.chatgpt.com", { analytics: { enabled: true } }],
    ] as const
  ) {
    await until(`a request to ${host}`, async () => {
      await run(more);
      return proxy.hosts.has(host) || undefined;
    });
  }
});
