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

/** Builds an environment on top of a host's variables. */
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

/**
 * Builds an environment on Windows, where the host's names are case-insensitive too.
 */
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

Deno.test("buildEnv inherits the host's environment by default, without copying it", () => {
  assertEquals(makeEnv({}, { HOME: "/h", CODEX_API_KEY: "k" }), {
    inherit: true,
    set: { [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv passes the CLI only what env contains, even if it is empty", () => {
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

Deno.test("buildEnv adds env to the host's variables with envMode merge", () => {
  assertEquals(makeEnv({ env: { A: "1" }, envMode: "merge" }, { A: "0" }), {
    inherit: true,
    set: { A: "1", [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv removes a variable of the host that env sets to undefined", () => {
  const env = { GONE: undefined, A: "1" };
  assertEquals(makeEnv({ env, envMode: "merge" }, { GONE: "x" }).unset, [
    "GONE",
  ]);
  // If nothing is inherited, nothing has to be removed.
  assertEquals(makeEnv({ env }, { GONE: "x" }), {
    inherit: false,
    set: { A: "1", [ORIGINATOR]: SDK_ORIGINATOR },
    unset: [],
  });
});

Deno.test("buildEnv sends the key as CODEX_API_KEY, overriding env and the host", () => {
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

Deno.test("buildEnv leaves the key alone if apiKey is missing or empty", () => {
  assertEquals("CODEX_API_KEY" in makeEnv({}).set, false);
  assertEquals("CODEX_API_KEY" in makeEnv({ apiKey: "" }).set, false);
  const env = { CODEX_API_KEY: "theirs" };
  assertEquals(makeEnv({ apiKey: "", env }).set.CODEX_API_KEY, "theirs");
});

Deno.test("buildEnv never sends baseUrl as a variable", () => {
  assertEquals(Object.keys(makeEnv({ baseUrl: "http://x" }).set), [ORIGINATOR]);
});

Deno.test("buildEnv sets itself as the originator only if no other is set", () => {
  const set = (options: KeyedOptions, host = {}) =>
    makeEnv(options, host).set[ORIGINATOR];
  assertEquals(set({}), SDK_ORIGINATOR);
  assertEquals(set({ env: { [ORIGINATOR]: "app" } }), "app");
  // An empty value counts as set.
  assertEquals(set({ env: { [ORIGINATOR]: "" } }), "");
  assertEquals(set({}, { [ORIGINATOR]: "host" }), undefined);
  assertEquals(set({}, { [ORIGINATOR]: "" }), undefined);
  // The host's originator counts only if it is inherited.
  assertEquals(set({ env: {} }, { [ORIGINATOR]: "host" }), SDK_ORIGINATOR);
  const env = { [ORIGINATOR]: undefined };
  assertEquals(
    set({ env, envMode: "merge" }, { [ORIGINATOR]: "host" }),
    SDK_ORIGINATOR,
  );
});

const FOLDERS = { pathFolders: ["/cli/a", "/cli/b"] };

Deno.test("buildEnv puts the CLI's folders first on the CLI's PATH", () => {
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
  // Without inheritance, nothing of the host's PATH.
  assertEquals(path({ env: {} }, { PATH: "/bin" }), "/cli/a:/cli/b");
});

Deno.test("buildEnv lists a folder once on PATH, and drops empty entries", () => {
  assertEquals(
    makeEnv({}, { PATH: "/bin::/cli/b:" }, FOLDERS).set.PATH,
    "/cli/a:/cli/b:/bin",
  );
});

Deno.test("buildEnv leaves an inherited PATH alone if it may not be read", () => {
  assertEquals("PATH" in makeEnv({}, {}, FOLDERS).set, false);
});

Deno.test("buildEnv leaves PATH alone if the CLI has no folders for it", () => {
  assertEquals("PATH" in makeEnv({}, { PATH: "/bin" }).set, false);
});

Deno.test("buildEnv does not restore a PATH that env removes", () => {
  const options: KeyedOptions = { env: { PATH: undefined }, envMode: "merge" };
  const { set, unset } = makeEnv(options, { PATH: "/bin" }, FOLDERS);
  assertEquals([set.PATH, unset], [undefined, ["PATH"]]);
});

Deno.test("buildEnv keeps one PATH on Windows, under its existing name, split at semicolons", () => {
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
Deno.test("buildEnv adds only the variables that Windows programs need to an env that replaces the host's", () => {
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
  // With merge, the host's own are inherited. On other systems nothing is added.
  const merged = makeWindowsEnv({ env: own, envMode: "merge" }, host);
  assertEquals(merged.set, { ...own, [ORIGINATOR]: SDK_ORIGINATOR });
  assertEquals(makeEnv({ env: {} }, { PATH: "/bin", TEMP: "/t" }).set, {
    [ORIGINATOR]: SDK_ORIGINATOR,
  });
});

Deno.test("codexHome is below the host's profile on Windows, even if env replaces the rest", () => {
  const input = {
    options: { env: { A: "1" } },
    hostEnv: (name: string) => name === "USERPROFILE" ? "C:\\u" : undefined,
  };
  assertEquals(codexHome({ ...input, windows: true }), "C:\\u/.codex");
  assertEquals(codexHome({ ...input, windows: false }), undefined);
});

Deno.test("buildEnv matches variables case-insensitively on Windows", () => {
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

Deno.test("buildEnv treats names of different case as different variables on other systems", () => {
  const env = { codex_api_key: "theirs", path: "/own" };
  const { set } = makeEnv({ env, apiKey: "mine" }, {}, FOLDERS);
  assertEquals(set, {
    ...env,
    [ORIGINATOR]: SDK_ORIGINATOR,
    CODEX_API_KEY: "mine",
    PATH: "/cli/a:/cli/b",
  });
});

Deno.test("buildEnv makes a relative CODEX_HOME absolute if the CLI starts in another folder", () => {
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
Deno.test("buildEnv passes the tools' token on, and excludes the tools' address from proxies", () => {
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
    // The CLI does not inherit the proxy.
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
