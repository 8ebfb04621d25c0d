/**
 * The rules for imports in src/, as one table for the lint plugin and the web check. It has
 * one row per layer, inner ones first. No layer imports from a row below its own, so there
 * are no cycles between layers. ARCHITECTURE.md has the reasons.
 *
 * @module
 */

/** A layer of src/: a folder, or a file with its own rules. */
export interface Layer {
  /** Its path below src/; a folder ends with a slash. The longest path that covers a file applies. */
  path: string;
  /** The paths of the layers above it that it may import; `*` for everything. */
  imports: readonly string[];
  /** The packages that it may load. */
  packages?: readonly string[];
  /** The packages that it may name in `import type` only. */
  typePackages?: readonly string[];
  /** `true` if it may load `node:` modules, and need not type-check with only the web's libraries. */
  node?: true;
}

/** The layers that every layer except the first three may import. */
const WORDS = ["util/", "protocol/", "errors/", "options/"];

/** The layers that know requests, events and endings, but not argv or processes. */
const TURNS = [...WORDS, "transport/", "input/", "output/", "turn/"];

/** The layers of the runtime, which both transports use. */
const HOST = ["runtime/", "runtime/entry_module.ts", "runtime/current.ts"];

/** All layers, inner ones first. */
export const LAYERS: readonly Layer[] = [
  { path: "util/", imports: [] },
  { path: "protocol/", imports: ["util/"] },
  { path: "errors/", imports: ["util/", "protocol/"] },
  { path: "options/", imports: ["util/", "protocol/", "errors/"] },
  { path: "transport/", imports: WORDS },
  { path: "input/", imports: [...WORDS, "transport/"] },
  { path: "stream/", imports: [...WORDS, "transport/"] },
  // The only layer that loads zod. It is loaded late, for types that cannot parse themselves.
  { path: "output/zod_core.ts", imports: [], packages: ["zod"] },
  {
    path: "output/",
    imports: [...WORDS, "output/zod_core.ts"],
    typePackages: ["zod"],
  },
  { path: "turn/", imports: [...WORDS, "transport/", "input/", "output/"] },
  { path: "thread/", imports: TURNS },
  { path: "runtime/", imports: ["util/", "errors/"] },
  {
    path: "runtime/node.ts",
    imports: ["util/", "errors/", "runtime/"],
    node: true,
  },
  { path: "runtime/deno.ts", imports: ["util/", "errors/", "runtime/"] },
  {
    path: "runtime/node_files.ts",
    imports: [
      "util/",
      "errors/",
      "runtime/",
      "runtime/node.ts",
      "runtime/deno.ts",
    ],
    node: true,
  },
  // Facts about the program that do not need an adapter.
  {
    path: "runtime/globals.ts",
    imports: ["runtime/node.ts", "runtime/deno.ts"],
  },
  {
    path: "runtime/entry_module.ts",
    imports: ["util/", "runtime/globals.ts"],
  },
  {
    path: "runtime/host.ts",
    imports: ["runtime/globals.ts"],
  },
  {
    path: "runtime/current.ts",
    imports: [
      "errors/",
      "runtime/",
      "runtime/globals.ts",
      "runtime/node.ts",
      "runtime/deno.ts",
    ],
  },
  {
    path: "runtime/current_files.ts",
    imports: [
      "errors/",
      "runtime/",
      "runtime/globals.ts",
      "runtime/node_files.ts",
    ],
  },
  {
    path: "tools/",
    imports: [...WORDS, "transport/", "input/", "output/", "runtime/"],
  },
  { path: "cli/", imports: [...WORDS, "transport/", "input/", ...HOST] },
  {
    path: "exec/",
    imports: [
      ...WORDS,
      "transport/",
      "input/",
      "stream/",
      "tools/",
      "cli/",
      ...HOST,
    ],
  },
  {
    path: "app_server/",
    imports: [...TURNS, "thread/", "stream/", "tools/", "cli/", ...HOST],
  },
  {
    path: "sync/",
    imports: [
      ...TURNS,
      "cli/",
      "runtime/globals.ts",
      "runtime/entry_module.ts",
    ],
    node: true,
  },
  // The blocking client's other side: the asynchronous client's turns, on a worker.
  {
    path: "sync/serve_turn.ts",
    imports: [...TURNS, "exec/", "sync/"],
    node: true,
  },
  {
    path: "sync/worker.ts",
    imports: ["sync/", "sync/serve_turn.ts"],
    node: true,
  },
  // The blocking client refers to its worker's program without loading it.
  { path: "sync/worker_program.ts", imports: ["sync/worker.ts"] },
  {
    path: "sync/codex_sync.ts",
    imports: [...WORDS, "input/", "turn/", "sync/", "sync/worker_program.ts"],
  },
  {
    path: "codex.ts",
    imports: [...TURNS, "thread/", "exec/"],
  },
  // Reads and writes the CLI's home; does not run turns.
  {
    path: "threads/",
    imports: [...WORDS, "input/", "runtime/", "runtime/current_files.ts"],
  },
  // Checks what turns need; does not run turns.
  {
    path: "doctor/",
    imports: [...WORDS, "cli/", "exec/", "runtime/host.ts", ...HOST],
  },
  // Uses a client through its structural type; does not load one.
  { path: "ai/", imports: TURNS },
  // Creates spans of turns with the caller's tracer; loads nothing.
  { path: "otel/", imports: WORDS },
  // The published kit for users' tests; only uses the product.
  {
    path: "testing/kit/",
    imports: [
      ...TURNS,
      ...["thread/", "stream/", "runtime/", "runtime/current.ts"],
      ...["app_server/", "codex.ts", "threads/"],
    ],
  },
  // The published fake executable: plays the steps of the kit as a program.
  {
    path: "testing/executable/",
    imports: [...WORDS, "transport/", "runtime/", "testing/kit/"],
    node: true,
  },
  // The published scripted model; does not use the product.
  { path: "testing/model/", imports: [], node: true },
  // Support for tests does not run in production, so it may use everything.
  { path: "testing/", imports: ["*"], packages: ["*"], node: true },
];

/** The modules that only re-export names, each written out. */
export const ENTRIES: readonly string[] = [
  "mod.ts",
  "streams.ts",
  "sync.ts",
  "app_server.ts",
  "ai.ts",
  "otel.ts",
  "threads.ts",
  "testing.ts",
  "doctor.ts",
];

/** The entries that are also programs if they are the main module. */
export const PROGRAM_ENTRIES: readonly string[] = ["doctor.ts"];

/** The only file that may read a runtime's global, as a property of `globalThis`. */
export const RUNTIME_DETECTION = "src/runtime/globals.ts";

/** Finds the layer of a root-relative path. */
export function findLayer(path: string): Layer | undefined {
  return LAYERS
    .filter((layer) => covers(`src/${layer.path}`, path))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Tells whether the path of a layer covers a path. */
function covers(layer: string, path: string): boolean {
  return layer.endsWith("/") ? path.startsWith(layer) : path === layer;
}
