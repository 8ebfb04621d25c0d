import { assertEquals, assertStringIncludes } from "@std/assert";
import { spawnError } from "../../src/runtime/spawn_error.ts";

/** Builds a system error as a runtime throws it. */
function systemError(code: string): Error {
  return Object.assign(new Error(`spawn ${code} secret`), {
    code,
    syscall: "spawn",
    spawnargs: ["secret"],
  });
}

/**
 * Codes of Windows for a program that does not start, and the reason that the user
 * sees.
 */
const REASONS: readonly [program: string, code: string, reason: string][] = [
  [
    "C:\\npm\\codex.CMD",
    "EINVAL",
    "it is a script that only a shell can run, and no shell is used; set the path of codex.exe (EINVAL)",
  ],
  ["C:\\npm\\codex.bat", "EINVAL", "it is a script that only a shell can run"],
  ["C:\\npm\\codex.exe", "EINVAL", "contains a NUL character (EINVAL)"],
  ["C:\\codex.exe", "ENAMETOOLONG", "on Windows its command line, is longer"],
  ["C:\\codex", "UNKNOWN", "most likely it is not a program for this system"],
  ["C:\\codex", "EFTYPE", "it is not a program for this system, or the file"],
];

Deno.test("spawnError explains each code of Windows, without the runtime's own message", () => {
  for (const [program, code, reason] of REASONS) {
    const error = spawnError({ program }, systemError(code));
    assertStringIncludes(error.message, `Cannot start "`);
    assertStringIncludes(error.message, reason);
    assertStringIncludes(error.message, `(${code})`);
    assertEquals(error.code, "spawn_failed");
    const { cause } = error;
    assertEquals(JSON.stringify([error, cause]).includes("secret"), false);
    assertEquals(
      String(error.message + (cause as Error).message).includes("secret"),
      false,
    );
  }
});

Deno.test("spawnError keeps the message of an unknown code", () => {
  const error = spawnError({ program: "/codex" }, systemError("EWHAT"));
  assertStringIncludes(error.message, "spawn EWHAT secret (EWHAT)");
});
