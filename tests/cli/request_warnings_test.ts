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
    "read-only overriding a setting",
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

const BYPASS = "dangerouslyBypassApprovalsAndSandbox";

/** Settings that an option replaces. */
const REPLACED: [
  codex: CodexOptions,
  thread: ThreadOptions,
  expected: string[],
][] = [
  [{ config: { sandbox_mode: "read-only", model: "m" } }, {}, []],
  [{}, { approveForMe: true, [BYPASS]: false }, []],
  [
    {
      config: { sandbox_mode: "read-only" },
      configOverrides: [' approval_policy = "never"', "approval_policy_x=1"],
    },
    { approveForMe: true },
    [
      "The setting sandbox_mode has no effect with approveForMe",
      "The setting approval_policy has no effect with approveForMe",
    ],
  ],
  [
    { config: { approval_policy: "never" } },
    { [BYPASS]: true },
    [`The setting approval_policy has no effect with ${BYPASS}`],
  ],
  [
    { oss: true, config: { model: "m", model_provider: "p" } },
    {},
    [
      "The setting model_provider has no effect with oss",
      "The setting model has no effect with oss",
    ],
  ],
  [{}, { additionalDirectories, approveForMe: true }, []],
  [{}, { additionalDirectories, [BYPASS]: true }, []],
];

for (const [codex, thread, expected] of REPLACED) {
  const what = JSON.stringify({ ...codex, ...thread });
  Deno.test(`requestWarnings returns ${expected.length} warnings for ${what}`, () => {
    assertEquals(requestWarnings(codex, thread), expected);
  });
}
