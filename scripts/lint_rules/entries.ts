/**
 * The rule `layers/entries`: entry modules only have named re-exports.
 *
 * @module
 */

import { ENTRIES, PROGRAM_ENTRIES } from "../layers.ts";
import { rootPath } from "./root_path.ts";

/** Reports everything in an entry module that is not a named re-export. */
export function checkEntries(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  const path = rootPath(context.filename);
  if (!ENTRIES.includes(path)) return {};
  const isProgram = PROGRAM_ENTRIES.includes(path);
  return {
    Program(program): void {
      for (const node of program.body) {
        if (node.type === "ExportNamedDeclaration" && node.source !== null) {
          continue;
        }
        if (isProgram && isOfProgram(node.type)) continue;
        const message = node.type === "ExportAllDeclaration"
          ? "An entry module names each export: one that is not named is not promised"
          : "An entry module holds re-exports only";
        context.report({ node, message });
      }
    },
  };
}

/** Tells whether a statement makes an entry a program: an import, or the `if` that runs it. */
function isOfProgram(type: string): boolean {
  return type === "ImportDeclaration" || type === "IfStatement";
}
