/**
 * The rule `borders/imports`: who may import whom.
 *
 * @module
 */

import { type Layer, layerOf } from "../layers.ts";
import { rootPath } from "./root_path.ts";

/** How a module is named by another one. */
type ImportKind = "load" | "type";

/** Reports imports that the table does not allow. */
export function checkImports(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  const path = rootPath(context.filename);
  if (!path.startsWith("src/")) return {};
  const layer = layerOf(path);
  if (layer === undefined) {
    return {
      Program(node): void {
        const message = `"${path}" is in no room: add it to scripts/layers.ts`;
        context.report({ node, message });
      },
    };
  }
  const check = (
    node: Deno.lint.Node,
    specifier: string,
    kind: ImportKind,
  ): void => {
    const message = problemOf(layer, path, specifier, kind);
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration(node): void {
      const isType = node.importKind === "type" ||
        node.specifiers.length > 0 &&
          node.specifiers.every((each) =>
            each.type === "ImportSpecifier" && each.importKind === "type"
          );
      check(node, node.source.value, isType ? "type" : "load");
    },
    ExportNamedDeclaration(node): void {
      if (node.source === null) return;
      const isType = node.exportKind === "type" ||
        node.specifiers.length > 0 &&
          node.specifiers.every((each) => each.exportKind === "type");
      check(node, node.source.value, isType ? "type" : "load");
    },
    ExportAllDeclaration(node): void {
      check(
        node,
        node.source.value,
        node.exportKind === "type" ? "type" : "load",
      );
    },
    ImportExpression(node): void {
      if (
        node.source.type === "Literal" && typeof node.source.value === "string"
      ) {
        check(node, node.source.value, "load");
      } else {
        const message =
          "A dynamic import needs a literal path: bundlers and dnt follow no other";
        context.report({ node, message });
      }
    },
    TSImportType(node): void {
      if (
        node.argument.type === "TSLiteralType" &&
        node.argument.literal.type === "Literal"
      ) {
        check(node, String(node.argument.literal.value), "type");
      }
    },
  };
}

/** Says what is wrong with an import, if anything is. */
function problemOf(
  layer: Layer,
  path: string,
  specifier: string,
  kind: ImportKind,
): string | undefined {
  if (specifier.startsWith("node:")) {
    return layer.node
      ? undefined
      : `Only src/runtime/node.ts may import "${specifier}"`;
  }
  if (!specifier.startsWith(".")) return packageProblem(layer, specifier, kind);

  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const targetLayer = layerOf(target);
  if (
    targetLayer !== undefined &&
    ["*", targetLayer.path].some((each) => layer.imports.includes(each))
  ) return undefined;
  if (targetLayer === layer) return undefined;
  return `"src/${layer.path}" may not import "${target}" (${
    targetLayer ? `of "src/${targetLayer.path}"` : "in no room"
  }): see scripts/layers.ts`;
}

/** Says what is wrong with the import of a package, if anything is. */
function packageProblem(
  layer: Layer,
  specifier: string,
  kind: ImportKind,
): string | undefined {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const allowed = [
    ...layer.packages ?? [],
    ...kind === "type" ? layer.typePackages ?? [] : [],
  ];
  if (allowed.includes("*") || allowed.includes(name)) return undefined;
  return `"src/${layer.path}" may not import the package "${name}": see scripts/layers.ts`;
}
