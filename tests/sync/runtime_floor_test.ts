import { assertEquals, assertThrows } from "@std/assert";
import { CodexEnvironmentError } from "../../mod.ts";
import { CodexSync } from "../../sync.ts";
import { runtimeProblem } from "../../src/sync/runtime_floor.ts";

Deno.test("runtimeProblem() reports releases of Bun and Deno that are too old", () => {
  const old = {
    bun: ["1.3.14", "1.2.0", "0.9.9", "1.3.99-canary.20"],
    deno: ["2.7.14", "2.0.0", "1.46.3"],
  };
  for (const version of old.bun) {
    assertEquals(
      runtimeProblem({ node: "24.3.0", bun: version }),
      `it needs Bun 1.4 or later, and this is Bun ${version}`,
    );
  }
  for (const version of old.deno) {
    assertEquals(
      runtimeProblem({ node: "24.2.0", deno: version }),
      `it needs Deno 2.8 or later, and this is Deno ${version}`,
    );
  }
});

// Facts R35.
Deno.test("runtimeProblem() accepts later releases, other runtimes and unreadable versions", () => {
  const fine = [
    {},
    { node: "20.19.0" },
    { bun: "1.4.0" },
    { bun: "1.10.0" },
    { bun: "2.0.0" },
    { bun: "canary" },
    { deno: "2.8.0" },
    { deno: "2.10.1" },
    { deno: "3.0.0-rc.1" },
    Deno.version,
  ];
  for (const versions of fine) {
    assertEquals(runtimeProblem({ ...versions }), undefined);
  }
});

Deno.test("The constructor of CodexSync throws if the runtime is too old", () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, "process") ?? {};
  const versions = { node: "24.3.0", bun: "1.3.14" };
  Object.defineProperty(globalThis, "process", {
    value: { versions },
    configurable: true,
  });
  try {
    const error = assertThrows(() => new CodexSync(), CodexEnvironmentError);
    assertEquals(
      error.message,
      "Cannot use the blocking client: it needs Bun 1.4 or later, and this is Bun 1.3.14; use Codex of @acodex/sdk",
    );
    assertEquals([error.path, error.systemCode], ["", ""]);
  } finally {
    Object.defineProperty(globalThis, "process", real);
  }
  new CodexSync();
});
