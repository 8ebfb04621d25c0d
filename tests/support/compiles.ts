import { assertEquals } from "@std/assert";
import { compile } from "../../scripts/npm/compile.ts";

/** Fails if TypeScript does not take programs in the project that holds them. */
export async function assertCompiles(
  project: URL,
  programs: readonly string[],
): Promise<void> {
  const { code, stdout } = await compile(project, programs);
  assertEquals(code, 0, stdout);
}
