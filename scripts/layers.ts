/**
 * Who may import whom in src/: the one table that the lint plugin and the web check
 * read. A row a room, inner ones first: nobody imports what stands below its own row,
 * so no circle is possible between rooms. ARCHITECTURE.md tells the reasons.
 *
 * @module
 */

/** A room of src/: a folder, or a file with borders of its own. */
export interface Layer {
  /** Below src/, a folder with a slash at its end. The longest that covers a file counts. */
  path: string;
  /** The paths of the layers that it may import, of those above it; `*` for everything. */
  imports: readonly string[];
  /** The packages that it may load. */
  packages?: readonly string[];
  /** The packages that it may name in `import type` only. */
  typePackages?: readonly string[];
  /** It may load `node:` modules, and need not type-check with the web's libraries alone. */
  node?: true;
}

/** What every room but the first three may import. */
const WORDS = ["util/", "protocol/", "errors/", "options/"];

/** What knows requests, events and endings, and nothing of argv and processes. */
const TURNS = [...WORDS, "transport/", "input/", "output/", "turn/"];

/** What both ways to the CLI stand on. */
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
  // The one that loads zod, and is loaded late: for types that do not read themselves.
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
  // What is known of the program without loading an adapter.
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
  // The blocking client names its worker's program, and never loads it.
  { path: "sync/worker_program.ts", imports: ["sync/worker.ts"] },
  {
    path: "sync/codex_sync.ts",
    imports: [...WORDS, "input/", "turn/", "sync/", "sync/worker_program.ts"],
  },
  {
    path: "codex.ts",
    imports: [...TURNS, "thread/", "exec/"],
  },
  // Reads and writes a home; runs no turn.
  {
    path: "threads/",
    imports: [...WORDS, "input/", "runtime/", "runtime/current_files.ts"],
  },
  // Looks at what turns need, and runs none.
  {
    path: "doctor/",
    imports: [...WORDS, "cli/", "exec/", "runtime/host.ts", ...HOST],
  },
  // Knows a client by its shape alone, and loads none.
  { path: "ai/", imports: TURNS },
  // Spans of turns, for a tracer that is handed in: loads nothing.
  { path: "otel/", imports: WORDS },
  // The kit for users' tests, which is published: on the product, and on nothing else.
  {
    path: "testing/kit/",
    imports: [
      ...TURNS,
      ...["thread/", "stream/", "runtime/", "runtime/current.ts"],
      ...["app_server/", "codex.ts", "threads/"],
    ],
  },
  // The fake executable, which is published too: what the kit plays, as a program.
  {
    path: "testing/executable/",
    imports: [...WORDS, "transport/", "runtime/", "testing/kit/"],
    node: true,
  },
  // The scripted model, which is published too, and knows nothing of the product.
  { path: "testing/model/", imports: [], node: true },
  // Support for tests is no part of what runs in production: it may use everything.
  { path: "testing/", imports: ["*"], packages: ["*"], node: true },
];

/** The modules that only hand on what others export, each name written out. */
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

/** Those of them that are programs, too: where they are the main module. */
export const PROGRAM_ENTRIES: readonly string[] = ["doctor.ts"];

/** The one file that may look for a runtime's own global, as a property of `globalThis`. */
export const RUNTIME_DETECTION = "src/runtime/globals.ts";

/** The layer of a root-relative path. */
export function findLayer(path: string): Layer | undefined {
  return LAYERS
    .filter((layer) => covers(`src/${layer.path}`, path))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Tells whether the path of a layer covers a path. */
function covers(layer: string, path: string): boolean {
  return layer.endsWith("/") ? path.startsWith(layer) : path === layer;
}
