import { assertEquals, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { CodexExecError } from "../../mod.ts";
import {
  checkVersion,
  CLIENT,
} from "../../src/app_server/connection/handshake.ts";

Deno.test("The handshake sends the version of this package", () => {
  assertEquals(CLIENT.version, config.version);
});

Deno.test("checkVersion accepts 0.163.0 and newer, and versions that it cannot parse", () => {
  for (
    const version of [
      "0.163.0",
      "0.163.1-alpha.2",
      "0.170.0",
      "1.0.0",
      "0.163",
      "dev",
    ]
  ) checkVersion(`acodex/${version} (Linux)`);
  for (const version of ["0.162.9", "0.99.0"]) {
    assertThrows(
      () => checkVersion(`acodex/${version} (Linux)`),
      CodexExecError,
      `Cannot use codex ${version} as a server`,
    );
  }
});
