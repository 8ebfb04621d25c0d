import { assertEquals } from "@std/assert";
import { compile } from "../../scripts/npm/compile.ts";

/** Asserts that programs compile with TypeScript in the project that contains them. */
export async function assertCompiles(
  project: URL,
  programs: readonly string[],
  flags: readonly string[] = [],
): Promise<void> {
  const { code, stdout } = await compile(project, programs, flags);
  assertEquals(code, 0, stdout);
}
