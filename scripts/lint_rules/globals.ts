/**
 * The rule `borders/globals`: no global of a runtime in src/.
 *
 * @module
 */

import { layerOf, RUNTIME_DETECTION } from "../layers.ts";
import { rootPath } from "./root_path.ts";

/** The globals that belong to a runtime. The adapters are handed them, or import them. */
const RUNTIME_GLOBALS = new Set([
  "Deno",
  "process",
  "Buffer",
  "Bun",
  "require",
]);

/**
 * Reports the globals of a runtime. A name that the file declares itself is its
 * own: `process` is a good name for a child process too.
 */
export function checkGlobals(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  const path = rootPath(context.filename);
  if (!path.startsWith("src/") || layerOf(path)?.path === "testing/") return {};
  const mayDetect = path === RUNTIME_DETECTION;
  const declared = new Set<string>();
  const used: Deno.lint.Identifier[] = [];
  const reportDetection = (node: Deno.lint.Node, name: string): void => {
    if (mayDetect || !RUNTIME_GLOBALS.has(name)) return;
    const message = `Only ${RUNTIME_DETECTION} may look for "${name}"`;
    context.report({ node, message });
  };
  return {
    Identifier(node): void {
      if (!RUNTIME_GLOBALS.has(node.name) || isMemberName(node)) return;
      if (isDeclaration(node)) declared.add(node.name);
      else used.push(node);
    },
    MemberExpression(node): void {
      if (isGlobalThis(node.object)) {
        reportDetection(node, nameOf(node.property));
      }
    },
    VariableDeclarator(node): void {
      if (node.init === null || !isGlobalThis(node.init)) return;
      if (node.id.type !== "ObjectPattern") return;
      for (const property of node.id.properties) {
        if (property.type === "Property") {
          reportDetection(property, nameOf(property.key));
        }
      }
    },
    "Program:exit"(): void {
      for (const node of used) {
        if (declared.has(node.name)) continue;
        const message =
          `"${node.name}" belongs to one runtime: src/ has it handed in`;
        context.report({ node, message });
      }
    },
  };
}

/** The name that a property has in the source: `x.name` or `x["name"]`. */
function nameOf(node: Deno.lint.Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}

/** Tells whether an identifier is where a variable, a parameter or an import gets its name. */
function isDeclaration(node: Deno.lint.Identifier): boolean {
  // Deno's types leave out some of the parents of an identifier.
  const parent: {
    type: string;
    id?: unknown;
    local?: unknown;
    left?: unknown;
    params?: unknown;
    value?: unknown;
    parent?: { type: string };
  } = node.parent;
  switch (parent.type) {
    case "Property":
      return parent.value === node && parent.parent?.type === "ObjectPattern";
    case "AssignmentPattern":
      return parent.left === node;
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return parent.local === node;
    default:
      return parent.id === node ||
        Array.isArray(parent.params) && parent.params.includes(node);
  }
}

/** Tells whether an identifier is the name of a member, as in `x.process` or `{ process: 1 }`. */
function isMemberName(node: Deno.lint.Identifier): boolean {
  // Deno's types leave out the parents that hold member names.
  const parent: {
    type: string;
    property?: unknown;
    key?: unknown;
    computed?: boolean;
  } = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node && !parent.computed;
    default:
      return false;
  }
}

/** Tells whether an expression is `globalThis`, a type assertion on it left aside. */
function isGlobalThis(node: Deno.lint.Node): boolean {
  if (node.type === "TSAsExpression" || node.type === "TSNonNullExpression") {
    return isGlobalThis(node.expression);
  }
  return node.type === "Identifier" && node.name === "globalThis";
}
