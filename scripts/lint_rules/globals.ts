/**
 * The rule `layers/globals`: no global of a runtime in src/. The adapters receive or
 * import them. `process`, which is also a good name for a child process, is left to Deno's
 * own `no-process-global`.
 *
 * @module
 */

import { findLayer, RUNTIME_DETECTION } from "../layers.ts";
import { rootPath } from "./root_path.ts";

/** The globals of runtimes, and `globalThis`, which leads to them. */
const NAMES = ["Deno", "Bun", "Buffer", "require", "globalThis"];

/** Reports the names of runtimes' globals, wherever they are. */
export function checkGlobals(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  const path = rootPath(context.filename);
  if (!path.startsWith("src/") || findLayer(path)?.path === "testing/") {
    return {};
  }
  const allowed = path === RUNTIME_DETECTION ? ["Deno", "globalThis"] : [];
  return {
    Identifier(node): void {
      if (!NAMES.includes(node.name) || allowed.includes(node.name)) return;
      const message =
        `Only ${RUNTIME_DETECTION} may look for runtimes: src/ has "${node.name}" handed in`;
      context.report({ node, message });
    },
  };
}
