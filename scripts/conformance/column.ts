/**
 * Declares a column of the conformance suite as tests: one for each file of
 * behaviours, with a step for each behaviour.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { bundleBehaviours, declareAll, listBehaviours } from "./behaviours.ts";
import { type PreparedColumn, readReport, runFile } from "./run_file.ts";
import { COLUMNS, installRuntime } from "./runtimes.ts";

/** A prepared column, with the reports of the behaviours that its files have to declare. */
type ReadyColumn = PreparedColumn & { readonly names: URL };

/** Declares the tests of a column, which is prepared when the first of them runs. */
export async function testColumn(name: string): Promise<void> {
  let prepared: Promise<ReadyColumn> | undefined;
  for (const file of await listBehaviours()) {
    Deno.test({
      name: `${name}, ${file}`,
      // The suite needs a POSIX shell.
      ignore: Deno.build.os === "windows",
      fn: async (test) =>
        await testFile(await (prepared ??= prepare(name)), file, test),
    });
  }
}

async function prepare(name: string): Promise<ReadyColumn> {
  const column = COLUMNS.find((column) => column.name === name);
  if (column === undefined) throw new Error(`There is no column ${name}`);
  return {
    column,
    program: await installRuntime(column.runtime),
    bundle: column.runtime.runsSources ? undefined : await bundleBehaviours(),
    names: await declareAll(),
  };
}

/** Runs a file; each behaviour is a step, and a missing behaviour fails the test. */
async function testFile(
  prepared: ReadyColumn,
  file: string,
  test: Deno.TestContext,
): Promise<void> {
  const expected = await readReport(
    new URL(`${file}.jsonl`, prepared.names),
  );
  const { declared, named, results, problem } = await runFile(prepared, file);
  for (const name of declared) {
    await test.step(name, () => {
      const result = results.get(name);
      if (result === undefined) throw new Error("It has no result");
      if (!result.ok) throw new Error(result.errors.join("\n"));
    });
  }
  if (problem !== undefined) throw new Error(problem);
  assertEquals(named, expected.named, "Not the behaviours that Deno declares");
}
