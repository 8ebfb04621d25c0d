/**
 * A user's program that uses every export, which `tsc` has to accept.
 *
 * @module
 */

import type { Entry } from "./surface.ts";

/** The code of a zod user for a typed answer, inferred through the package's types. */
const TYPED_ANSWER = `
import { z } from "zod";

export async function answer(): Promise<string[]> {
  const thread = new m0.Codex().startThread({ sandboxMode: "read-only" });
  const outputType = z.object({ risks: z.array(z.string()) });
  const turn = await thread.run("Summarize", { outputType });
  // @ts-expect-error The answer's type is known, and has no such field.
  turn.structuredResponse.risk;
  await using streamed = await thread.runStreamed("Go on");
  for await (const event of streamed.events) {
    if (event.type === "turn.completed") event.usage.output_tokens.toFixed();
  }
  return turn.structuredResponse.risks;
}
`;

/**
 * Writes the program: each type is named in a declaration, and each value copied
 * with its type, so that declarations can be made of it.
 */
export function consumerSource(entries: Entry[]): string {
  const imports = entries.map(({ specifier }, index) =>
    `import * as m${index} from "${specifier}";\n`
  );
  const uses = entries.flatMap(({ exports }, index) =>
    exports.map(({ name, isType, isValue, typeParameters }) => {
      const any = Array(typeParameters).fill("any").join(", ");
      const args = typeParameters === 0 ? "" : `<${any}>`;
      const source = `m${index}.${name}`;
      const type = `export type T${index}_${name} = ${source}${args};\n`;
      const value =
        `export const v${index}_${name}: typeof ${source} = ${source};\n`;
      return `${isType ? type : ""}${isValue ? value : ""}`;
    })
  );
  return [...imports, ...uses, TYPED_ANSWER].join("");
}

/** Writes a CommonJS module that requires the package; TypeScript accepts this since 5.8. */
export function commonJsSource(entries: Entry[]): string {
  return entries.map(({ specifier, exports }, index) => {
    const value = exports.find(({ isValue }) => isValue)?.name;
    return `import m${index} = require("${specifier}");\nconst v${index}: typeof m${index}.${value} = m${index}.${value};\nvoid v${index};\n`;
  }).join("");
}
