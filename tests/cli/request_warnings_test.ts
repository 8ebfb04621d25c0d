import { assertEquals } from "@std/assert";
import { requestWarnings } from "../../src/cli/request_warnings.ts";
import type { CodexOptions, ThreadOptions } from "../../mod.ts";

const additionalDirectories = ["/a"];
const WITHOUT =
  'additionalDirectories has no effect without a sandboxMode: it needs "workspace-write"';
const READ_ONLY =
  'additionalDirectories has no effect with sandboxMode "read-only": it needs "workspace-write"';

const ROWS: [
  name: string,
  codex: CodexOptions,
  thread: ThreadOptions,
  expected: string[],
][] = [
  ["no directories", {}, {}, []],
  ["an empty list", {}, { additionalDirectories: [] }, []],
  ["no sandbox mode", {}, { additionalDirectories }, [WITHOUT]],
  [
    "read-only",
    {},
    { additionalDirectories, sandboxMode: "read-only" },
    [READ_ONLY],
  ],
  [
    "read-only over a setting",
    { config: { sandbox_mode: "workspace-write" } },
    { additionalDirectories, sandboxMode: "read-only" },
    [READ_ONLY],
  ],
  [
    "workspace-write",
    {},
    { additionalDirectories, sandboxMode: "workspace-write" },
    [],
  ],
  [
    "danger-full-access",
    {},
    { additionalDirectories, sandboxMode: "danger-full-access" },
    [],
  ],
  [
    "a setting",
    { config: { sandbox_mode: "workspace-write" } },
    { additionalDirectories },
    [],
  ],
  [
    "a raw setting",
    { configOverrides: ['sandbox_mode = "workspace-write"'] },
    { additionalDirectories },
    [],
  ],
];

for (const [name, codex, thread, expected] of ROWS) {
  Deno.test(`requestWarnings judges further directories with ${name}`, () => {
    assertEquals(requestWarnings(codex, thread), expected);
  });
}
