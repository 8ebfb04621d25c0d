import { assertEquals } from "@std/assert";
import { readStderrReason } from "../../src/turn/stderr_reason.ts";

const WARNING = "WARNING: proceeding, even though we could not create aliases";
const GREETING = "Reading prompt from stdin...";
const LOG = "2026-11-26T01:42:19.233461Z  WARN codex_core: slow";
const LOGGED = "2026-11-26T01:42:19.233853Z ERROR codex_core: Failed";

/**
 * The content of stderr, and the reason read from it after an exit and after a signal.
 */
// Facts F44.
const READINGS: [
  name: string,
  lines: string[],
  exit: string,
  signal?: string,
][] = [
  ["nothing", [], ""],
  ["the greeting alone", [GREETING, ""], ""],
  [
    "an error line behind warnings and log lines",
    [WARNING, GREETING, LOGGED, "Error: Model provider `nope` not found"],
    "Model provider `nope` not found",
  ],
  [
    "an error of several lines, with log lines between them",
    [WARNING, "Error loading config.toml:", LOG, "  |", "1 | broken = ["],
    "Error loading config.toml:\n  |\n1 | broken = [",
  ],
  [
    "the first of two errors first",
    ["Error: one", "Error: two"],
    "one\nError: two",
  ],
  [
    "text without an error line",
    [WARNING, GREETING, "Not inside a trusted directory.", LOG],
    "Not inside a trusted directory.",
  ],
  [
    "a panic",
    ["thread 'main' panicked at src/main.rs:1", LOG],
    "thread 'main' panicked at src/main.rs:1",
  ],
  ["a warning alone", [WARNING], ""],
  ["a log without errors", [LOG], ""],
  ["an error in the log alone", [LOG, LOGGED], LOGGED, ""],
  [
    "a flag of the CLI",
    ["Error: --skip-git-repo-check was not given, nor --other"],
    "--skip-git-repo-check (the option skipGitRepoCheck) was not given, nor --other",
  ],
  [
    "an error with the CLI's stack",
    [
      WARNING,
      "Error: no",
      "",
      "Stack backtrace:",
      ...Array.from({ length: 400 }, (_, at) => `${at}: <unknown>`),
    ],
    "no",
  ],
  ["Windows line endings", [`${WARNING}\r`, "Error: no\r"], "no"],
];

for (const [name, lines, exit, signal = exit] of READINGS) {
  Deno.test(`readStderrReason reads ${name}`, () => {
    const stderr = lines.map((line) => `${line}\n`).join("");
    assertEquals(readStderrReason(stderr, false), exit);
    assertEquals(readStderrReason(stderr, true), signal);
  });
}
