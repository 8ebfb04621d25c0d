import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { structuredOutput } from "../../src/output/structured_output.ts";
import {
  BEGIN,
  END,
  FEATURES,
  featureTable,
  PAGE,
  ROOTS,
} from "./feature_table.ts";
import { assertStrict, judge } from "./judge.ts";

Deno.test("docs/structured_output.md contains the generated table", async () => {
  const page = await Deno.readTextFile(PAGE);
  const table = page.slice(
    page.indexOf(BEGIN) + BEGIN.length,
    page.indexOf(END),
  );
  assertEquals(
    table.trim(),
    await featureTable(),
    "The table is stale: run `deno run -A tests/output/feature_table.ts`",
  );
});

for (const [code, type, ...answers] of FEATURES) {
  if (answers.length === 0) continue;
  Deno.test(`structuredOutput sends ${code} in strict mode's form, and its answers match the schema`, async () => {
    const { schema = {} } = await structuredOutput({
      outputType: z.object({ p: type }),
    });
    assertStrict(schema);
    const holds = judge(schema);
    for (const p of answers) assert(holds({ p }), JSON.stringify(p));
    assertEquals(holds({ p: { nothing: "of this kind" } }), false);
    assertEquals(holds({}), false);
  });
}

for (const [code, type, ...answers] of ROOTS) {
  Deno.test(`structuredOutput sends ${code} as the whole answer in strict mode's form`, async () => {
    const { schema = {} } = await structuredOutput({ outputType: type });
    assertStrict(schema);
    const holds = judge(schema);
    for (const answer of answers) assert(holds(answer));
  });
}
