/**
 * Who may import whom in src/: the one table that the lint plugin and the purity
 * check read. ARCHITECTURE.md tells the reasons.
 *
 * @module
 */

/** A group of files with the same borders. */
export interface Layer {
  name: string;
  /** Root-relative paths: a file, or a folder with a slash at its end. The first layer that fits counts. */
  files: readonly string[];
  /** The layers whose modules it may load. */
  imports: readonly string[];
  /** The layers that it may name in `import type` only, beside those of `imports`. */
  types?: readonly string[];
  /** The packages that it may load. */
  packages?: readonly string[];
  /** The packages that it may name in `import type` only. */
  typePackages?: readonly string[];
  /** It has to type-check with the web's libraries alone. */
  pure?: true;
  /** It may load `node:` modules. */
  node?: true;
}

/** What everyone may know. */
const WORDS = ["errors", "types", "helpers"];

/** All layers, inner ones first. */
export const LAYERS: readonly Layer[] = [
  {
    name: "testing",
    files: ["src/testing/"],
    // Support for tests is no part of what runs in production: it may use everything.
    imports: ["*"],
    packages: ["*"],
    node: true,
  },
  // Helpers that know nothing of the rest.
  {
    name: "helpers",
    files: ["src/file_path.ts", "src/on_abort.ts", "src/text.ts"],
    imports: [],
    pure: true,
  },
  {
    name: "errors",
    files: ["src/errors.ts", "src/errors/", "src/turn_errors.ts"],
    imports: ["errors", "helpers"],
    types: ["types", "pure"],
    pure: true,
  },
  {
    name: "types",
    files: [
      "src/options.ts",
      "src/transport.ts",
      "src/diagnostics.ts",
      "src/protocol/events.ts",
      "src/protocol/items.ts",
      "src/runtime/types.ts",
    ],
    imports: WORDS,
    types: ["pure"],
    pure: true,
  },
  {
    // The one that loads zod, and is loaded late: for types that do not read themselves.
    name: "zod",
    files: ["src/output/zod_core.ts"],
    imports: [],
    packages: ["zod"],
    pure: true,
  },
  {
    name: "pure",
    files: [
      "src/protocol/",
      "src/stream/",
      "src/output/",
      "src/input/",
      "src/run_outcome.ts",
      "src/turn.ts",
    ],
    imports: [...WORDS, "pure", "zod"],
    typePackages: ["zod"],
    pure: true,
  },
  {
    // Pure as well, but argv is a word of exec/ alone.
    name: "pure exec",
    files: [
      "src/exec/args.ts",
      "src/exec/config_overrides.ts",
      "src/exec/env.ts",
      "src/exec/locate/paths.ts",
      "src/exec/locate/platform_package.ts",
      "src/exec/process_tree.ts",
      "src/exec/redact.ts",
      "src/exec/tail_buffer.ts",
    ],
    imports: [...WORDS, "pure", "pure exec"],
    pure: true,
  },
  {
    name: "node adapter",
    files: ["src/runtime/node.ts"],
    imports: [...WORDS, "runtime"],
    node: true,
  },
  {
    name: "deno adapter",
    files: ["src/runtime/deno.ts"],
    imports: [...WORDS, "runtime"],
  },
  {
    // What is known of the program without an adapter.
    name: "runtime detection",
    files: ["src/runtime/globals.ts", "src/runtime/entry_module.ts"],
    imports: [...WORDS, "runtime detection"],
    types: ["node adapter", "deno adapter"],
  },
  {
    name: "runtime choice",
    files: ["src/runtime/mod.ts"],
    imports: [
      ...WORDS,
      "runtime",
      "runtime detection",
      "node adapter",
      "deno adapter",
    ],
  },
  // What the adapters share.
  { name: "runtime", files: ["src/runtime/"], imports: [...WORDS, "runtime"] },
  {
    name: "exec transport",
    files: ["src/exec/transport.ts"],
    imports: [
      ...WORDS,
      "pure",
      "pure exec",
      "exec",
      "runtime choice",
      "runtime detection",
    ],
  },
  {
    name: "exec",
    files: ["src/exec/"],
    imports: [...WORDS, "pure", "pure exec", "exec", "runtime choice"],
  },
  {
    name: "thread",
    files: [
      "src/thread.ts",
      "src/thread_state.ts",
      "src/repairs.ts",
      "src/turn_limits.ts",
      "src/turn_queue.ts",
      "src/turn_result.ts",
      "src/turn_run.ts",
      "src/streamed_turn.ts",
    ],
    imports: [...WORDS, "pure", "thread"],
  },
  {
    // The blocking client's worker: the asynchronous client's turns, on another thread.
    name: "sync worker",
    files: ["src/sync/worker.ts", "src/sync/serve_turn.ts"],
    imports: [
      ...WORDS,
      "pure",
      "thread",
      "exec transport",
      "sync",
      "sync worker",
    ],
    packages: ["sync-message-port"],
    node: true,
  },
  {
    // What waits for it: nothing here runs a turn.
    name: "sync",
    files: ["src/sync/"],
    imports: [...WORDS, "pure", "pure exec", "runtime detection", "sync"],
    types: ["thread"],
    packages: ["sync-message-port"],
    node: true,
  },
  {
    name: "codex",
    files: ["src/codex.ts"],
    imports: [...WORDS, "pure", "thread", "exec transport", "runtime choice"],
  },
];

/** The modules that only hand on what others export, each name written out. */
export const ENTRIES: readonly string[] = [
  "mod.ts",
  "src/stream/mod.ts",
  "src/sync/mod.ts",
];

/** The one file that may look for a runtime's own global, as a property of `globalThis`. */
export const RUNTIME_DETECTION = "src/runtime/globals.ts";

/** The layer of a root-relative path. */
export function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.some((file) => covers(file, path)));
}

/** Tells whether an entry of {@linkcode Layer.files} covers a path. */
function covers(file: string, path: string): boolean {
  return file.endsWith("/") ? path.startsWith(file) : path === file;
}
