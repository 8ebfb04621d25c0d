/**
 * The rule `layers/imports`: the imports that layers.ts allows.
 *
 * @module
 */

import { findLayer, type Layer } from "../layers.ts";
import { rootPath } from "./root_path.ts";

/** Reports imports that the table does not allow. */
export function checkImports(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  const path = rootPath(context.filename);
  if (!path.startsWith("src/")) return {};
  const layer = findLayer(path);
  if (layer === undefined) {
    return {
      Program(node): void {
        const message = `"${path}" is in no layer: add it to scripts/layers.ts`;
        context.report({ node, message });
      },
    };
  }
  const check = (
    node: Deno.lint.Node,
    specifier: string,
    isType: boolean,
  ): void => {
    const message = findProblem(layer, path, specifier, isType);
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration(node): void {
      const names = node.specifiers.map((each) =>
        each.type === "ImportSpecifier" ? each.importKind : "value"
      );
      check(node, node.source.value, isTypeOnly(node.importKind, names));
    },
    ExportNamedDeclaration(node): void {
      if (node.source === null) return;
      const names = node.specifiers.map(({ exportKind }) => exportKind);
      check(node, node.source.value, isTypeOnly(node.exportKind, names));
    },
    ExportAllDeclaration(node): void {
      check(node, node.source.value, node.exportKind === "type");
    },
    ImportExpression(node): void {
      if (
        node.source.type === "Literal" && typeof node.source.value === "string"
      ) {
        check(node, node.source.value, false);
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
        check(node, String(node.argument.literal.value), true);
      }
    },
  };
}

/** Tells whether a declaration, or each of its names, is only a type, so that nothing is loaded. */
function isTypeOnly(kind: string, names: readonly string[]): boolean {
  return kind === "type" ||
    names.length > 0 && names.every((each) => each === "type");
}

/** Returns the problem with an import, if there is one. */
function findProblem(
  layer: Layer,
  path: string,
  specifier: string,
  isType: boolean,
): string | undefined {
  if (specifier.startsWith("node:")) {
    return layer.node
      ? undefined
      : `Only src/runtime/node.ts may import "${specifier}"`;
  }
  if (!specifier.startsWith(".")) {
    return packageProblem(layer, specifier, isType);
  }

  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const targetLayer = findLayer(target);
  if (
    targetLayer !== undefined &&
    ["*", targetLayer.path].some((each) => layer.imports.includes(each))
  ) return undefined;
  if (targetLayer === layer) return undefined;
  return `"src/${layer.path}" may not import "${target}" (${
    targetLayer ? `of "src/${targetLayer.path}"` : "in no layer"
  }): see scripts/layers.ts`;
}

/** Returns the problem with the import of a package, if there is one. */
function packageProblem(
  layer: Layer,
  specifier: string,
  isType: boolean,
): string | undefined {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const allowed = [
    ...layer.packages ?? [],
    ...isType ? layer.typePackages ?? [] : [],
  ];
  if (allowed.includes("*") || allowed.includes(name)) return undefined;
  return `"src/${layer.path}" may not import the package "${name}": see scripts/layers.ts`;
}
