import { assertEquals } from "@std/assert";
import {
  buildEnv,
  codexHome,
  type EnvInput,
  SDK_ORIGINATOR,
} from "../../src/cli/env.ts";
import type { KeyedOptions } from "../../src/cli/api_key.ts";
import type { ChildEnvironment } from "../../src/runtime/types.ts";

const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

/** Builds an environment over a host's variables. */
function makeEnv(
  options: KeyedOptions,
  host: { readonly [name: string]: string } = {},
  rest: Partial<EnvInput> = {},
): ChildEnvironment {
  return buildEnv({
    options,
    hostEnv: (name) => host[name],
    pathFolders: [],
    windows: false,
    ...rest,
  });
}

/** Windows: the host's names are without case as well. */
function makeWindowsEnv(
  options: KeyedOptions,
  host: { readonly [name: string]: string },
  pathFolders: readonly string[] = [],
): ChildEnvironment {
  const hostEnv = (name: string): string | undefined =>
    Object.entries(host).find(([key]) =>
      key.toLowerCase() === name.toLowerCase()
    )?.[1];
  return buildEnv({ options, hostEnv, pathFolders, windows: true });
}

Deno.test("buildEnv hands the host's environment on by default, without copying it", () => {
  assertEquals(makeEnv({}, { HOME: "/h", CODEX_API_KEY: "k" }), {
    inherit: true,
    set: { [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv gives the CLI only what env holds, also where it is empty", () => {
  const environments: Record<string, string>[] = [{}, { A: "1", EMPTY: "" }];
  for (const env of environments) {
    for (const envMode of [undefined, "replace"] as const) {
      assertEquals(makeEnv({ env, envMode }, { HOME: "/h" }), {
        inherit: false,
        set: { ...env, [ORIGINATOR]: SDK_ORIGINATOR },
        unset: [],
      });
    }
  }
});

Deno.test("buildEnv puts env on top of the host's with envMode merge", () => {
  assertEquals(makeEnv({ env: { A: "1" }, envMode: "merge" }, { A: "0" }), {
    inherit: true,
    set: { A: "1", [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv leaves a variable of the host out where env says undefined", () => {
  const env = { GONE: undefined, A: "1" };
  assertEquals(makeEnv({ env, envMode: "merge" }, { GONE: "x" }).unset, [
    "GONE",
  ]);
  // Where nothing is inherited, nothing is there to be left out.
  assertEquals(makeEnv({ env }, { GONE: "x" }), {
    inherit: false,
    set: { A: "1", [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv sends the key as CODEX_API_KEY, over one in env and the host's", () => {
  const options: KeyedOptions = {
    apiKey: "mine",
    env: { CODEX_API_KEY: "theirs" },
  };
  assertEquals(makeEnv(options).set.CODEX_API_KEY, "mine");
  assertEquals(
    makeEnv({ apiKey: "mine" }, { CODEX_API_KEY: "host" }).set.CODEX_API_KEY,
    "mine",
  );
});

Deno.test("buildEnv leaves the key alone where none, or an empty one, is given", () => {
  assertEquals("CODEX_API_KEY" in makeEnv({}).set, false);
  assertEquals("CODEX_API_KEY" in makeEnv({ apiKey: "" }).set, false);
  const env = { CODEX_API_KEY: "theirs" };
  assertEquals(makeEnv({ apiKey: "", env }).set.CODEX_API_KEY, "theirs");
});

Deno.test("buildEnv never sends baseUrl as a variable", () => {
  assertEquals(Object.keys(makeEnv({ baseUrl: "http://x" }).set), [ORIGINATOR]);
});

Deno.test("buildEnv names itself as the originator only where nobody else is named", () => {
  const set = (options: KeyedOptions, host = {}) =>
    makeEnv(options, host).set[ORIGINATOR];
  assertEquals(set({}), SDK_ORIGINATOR);
  assertEquals(set({ env: { [ORIGINATOR]: "app" } }), "app");
  // Set to nothing is set.
  assertEquals(set({ env: { [ORIGINATOR]: "" } }), "");
  assertEquals(set({}, { [ORIGINATOR]: "host" }), undefined);
  assertEquals(set({}, { [ORIGINATOR]: "" }), undefined);
  // The host's counts only where it is inherited.
  assertEquals(set({ env: {} }, { [ORIGINATOR]: "host" }), SDK_ORIGINATOR);
  const env = { [ORIGINATOR]: undefined };
  assertEquals(
    set({ env, envMode: "merge" }, { [ORIGINATOR]: "host" }),
    SDK_ORIGINATOR,
  );
});

const FOLDERS = { pathFolders: ["/cli/a", "/cli/b"] };

Deno.test("buildEnv puts the CLI's folders first on the PATH that the CLI gets", () => {
  const path = (options: KeyedOptions, host = {}) =>
    makeEnv(options, host, FOLDERS).set.PATH;
  assertEquals(
    path({}, { PATH: "/bin:/usr/bin" }),
    "/cli/a:/cli/b:/bin:/usr/bin",
  );
  const options: KeyedOptions = { env: { PATH: "/own" } };
  assertEquals(path(options, { PATH: "/bin" }), "/cli/a:/cli/b:/own");
  options.envMode = "merge";
  assertEquals(path(options, { PATH: "/bin" }), "/cli/a:/cli/b:/own");
  // Nothing of the host's where it is not inherited.
  assertEquals(path({ env: {} }, { PATH: "/bin" }), "/cli/a:/cli/b");
});

Deno.test("buildEnv names a folder once on PATH, and drops empty entries", () => {
  assertEquals(
    makeEnv({}, { PATH: "/bin::/cli/b:" }, FOLDERS).set.PATH,
    "/cli/a:/cli/b:/bin",
  );
});

Deno.test("buildEnv leaves an inherited PATH alone that may not be read", () => {
  assertEquals("PATH" in makeEnv({}, {}, FOLDERS).set, false);
});

Deno.test("buildEnv leaves PATH alone where no folder belongs to the CLI", () => {
  assertEquals("PATH" in makeEnv({}, { PATH: "/bin" }).set, false);
});

Deno.test("buildEnv does not bring back a PATH that env leaves out", () => {
  const options: KeyedOptions = { env: { PATH: undefined }, envMode: "merge" };
  const { set, unset } = makeEnv(options, { PATH: "/bin" }, FOLDERS);
  assertEquals([set.PATH, unset], [undefined, ["PATH"]]);
});

Deno.test("buildEnv has one PATH on Windows, under the name it has, split at semicolons", () => {
  const folders = ["C:\\cli"];
  const host = { Path: "C:\\a;C:\\b" };
  assertEquals(makeWindowsEnv({}, host, folders).set, {
    [ORIGINATOR]: SDK_ORIGINATOR,
    Path: "C:\\cli;C:\\a;C:\\b",
  });
  assertEquals(makeWindowsEnv({ env: { PATH: "D:\\x" } }, host, folders).set, {
    [ORIGINATOR]: SDK_ORIGINATOR,
    PATH: "C:\\cli;D:\\x",
  });
});

// Facts R40.
Deno.test("buildEnv adds what the programs of Windows need to an env that replaces the host's, and nothing else", () => {
  const host = {
    Path: "C:\\a",
    SystemRoot: "C:\\Windows",
    windir: "C:\\Windows",
    TEMP: "C:\\t",
    SECRET: "s",
    TMP: "C:\\t",
  };
  const own = { systemroot: "D:\\W", Temp: "" };
  assertEquals(makeWindowsEnv({ env: own }, host), {
    inherit: false,
    set: {
      ...own,
      PATH: "C:\\a",
      WINDIR: "C:\\Windows",
      [ORIGINATOR]: SDK_ORIGINATOR,
    },
    unset: [],
  });
  assertEquals(
    makeWindowsEnv({ env: {} }, host, ["C:\\cli"]).set.PATH,
    "C:\\cli;C:\\a",
  );
  // Merged, they are the host's own; elsewhere nothing is added.
  const merged = makeWindowsEnv({ env: own, envMode: "merge" }, host);
  assertEquals(merged.set, { ...own, [ORIGINATOR]: SDK_ORIGINATOR });
  assertEquals(makeEnv({ env: {} }, { PATH: "/bin", TEMP: "/t" }).set, {
    [ORIGINATOR]: SDK_ORIGINATOR,
  });
});

Deno.test("codexHome is below the host's profile on Windows, also where env replaces the rest", () => {
  const input = {
    options: { env: { A: "1" } },
    hostEnv: (name: string) => name === "USERPROFILE" ? "C:\\u" : undefined,
  };
  assertEquals(codexHome({ ...input, windows: true }), "C:\\u/.codex");
  assertEquals(codexHome({ ...input, windows: false }), undefined);
});

Deno.test("buildEnv knows a variable under any case on Windows", () => {
  const env = {
    codex_api_key: "theirs",
    codex_internal_originator_override: "app",
    path: undefined,
  };
  const options: KeyedOptions = { env, envMode: "merge", apiKey: "mine" };
  assertEquals(makeWindowsEnv(options, { Path: "C:\\a" }, ["C:\\cli"]), {
    inherit: true,
    set: {
      codex_api_key: "mine",
      codex_internal_originator_override: "app",
    },
    unset: ["path"],
  });
});

Deno.test("buildEnv takes names of another case for other variables elsewhere", () => {
  const env = { codex_api_key: "theirs", path: "/own" };
  const { set } = makeEnv({ env, apiKey: "mine" }, {}, FOLDERS);
  assertEquals(set, {
    ...env,
    [ORIGINATOR]: SDK_ORIGINATOR,
    CODEX_API_KEY: "mine",
    PATH: "/cli/a:/cli/b",
  });
});

Deno.test("buildEnv names a relative CODEX_HOME in full where the CLI starts elsewhere", () => {
  const fromHost = (path: string): string =>
    path.startsWith("/") ? path : `/host/${path}`;
  const readHome = (
    options: KeyedOptions,
    host: { readonly [name: string]: string },
  ): string | undefined => makeEnv(options, host, { fromHost }).set.CODEX_HOME;
  assertEquals(readHome({}, { CODEX_HOME: "home" }), "/host/home");
  assertEquals(readHome({ env: { CODEX_HOME: "own" } }, {}), "/host/own");
  assertEquals(readHome({}, { CODEX_HOME: "/home" }), undefined);
  assertEquals(readHome({}, {}), undefined);
  assertEquals(makeEnv({}, { CODEX_HOME: "home" }).set.CODEX_HOME, undefined);
});

// Facts F65.
Deno.test("buildEnv hands the token of tools on, and keeps the CLI from asking a proxy for them", () => {
  const toolToken = ["TOOL_TOKEN", "secret"] as const;
  const proxy = { HTTP_PROXY: "http://proxy" };
  const cases: [
    options: KeyedOptions,
    host: { [name: string]: string },
    added: { [name: string]: string },
  ][] = [
    [{}, {}, {}],
    [{}, { NO_PROXY: "a" }, {}],
    [{}, proxy, { NO_PROXY: "127.0.0.1" }],
    [{}, { all_proxy: "socks5://p" }, { NO_PROXY: "127.0.0.1" }],
    [{}, { ...proxy, NO_PROXY: "a,b" }, { NO_PROXY: "a,b,127.0.0.1" }],
    [{}, { ...proxy, no_proxy: "a" }, { no_proxy: "a,127.0.0.1" }],
    [{}, { ...proxy, NO_PROXY: "a", no_proxy: "b" }, {
      NO_PROXY: "a,127.0.0.1",
      no_proxy: "b,127.0.0.1",
    }],
    // What the CLI does not get.
    [{ env: {} }, proxy, {}],
    [{ env: { http_proxy: "p" } }, { NO_PROXY: "a" }, {
      http_proxy: "p",
      NO_PROXY: "127.0.0.1",
    }],
  ];
  for (const [options, host, added] of cases) {
    assertEquals(makeEnv(options, host, { toolToken }).set, {
      [ORIGINATOR]: SDK_ORIGINATOR,
      TOOL_TOKEN: "secret",
      ...added,
    });
    const { NO_PROXY, no_proxy } = makeEnv(options, host).set;
    assertEquals([NO_PROXY, no_proxy], [undefined, undefined]);
    assertEquals(makeEnv(options, host, { reachesHost: true }).set, {
      [ORIGINATOR]: SDK_ORIGINATOR,
      ...added,
    });
  }
  const { set } = buildEnv({
    options: { env: { Http_Proxy: "p", No_Proxy: "a" } },
    hostEnv: () => undefined,
    pathFolders: [],
    toolToken,
    windows: true,
  });
  assertEquals(set.No_Proxy, "a,127.0.0.1");
  assertEquals([set.NO_PROXY, set.no_proxy], [undefined, undefined]);
});
