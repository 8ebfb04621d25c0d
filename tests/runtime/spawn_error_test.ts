import { assertEquals, assertStringIncludes } from "@std/assert";
import { spawnError } from "../../src/runtime/spawn_error.ts";

/** Makes the error of a system, in the words of a runtime. */
function systemError(code: string): Error {
  return Object.assign(new Error(`spawn ${code} secret`), {
    code,
    syscall: "spawn",
    spawnargs: ["secret"],
  });
}

/** What Windows says of a program that does not start, and what the user is told. */
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

Deno.test("spawnError gives the reason behind each code of Windows, and nothing of the runtime's own message", () => {
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

Deno.test("spawnError hands on the words of a code that it does not know", () => {
  const error = spawnError({ program: "/codex" }, systemError("EWHAT"));
  assertStringIncludes(error.message, "spawn EWHAT secret (EWHAT)");
});
