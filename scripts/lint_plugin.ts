/**
 * Lint rules that enforce the boundaries of layers.ts: the imports between layers, no
 * global of a runtime in src/, and entry modules that only have named re-exports.
 *
 * @module
 */

import { checkEntries } from "./lint_rules/entries.ts";
import { checkGlobals } from "./lint_rules/globals.ts";
import { checkImports } from "./lint_rules/imports.ts";

/** The plugin that deno.json registers. */
const plugin: Deno.lint.Plugin = {
  name: "layers",
  rules: {
    imports: { create: checkImports },
    globals: { create: checkGlobals },
    entries: { create: checkEntries },
  },
};
export default plugin;
