import { argvSecretWarnings } from "./argv_secrets.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";

/**
 * Returns warnings about parts of a request that have no effect, or possibly an unwanted
 * one.
 */
export function requestWarnings(
  codex: CodexOptions,
  thread: ThreadOptions,
): string[] {
  return [
    ...directoryWarnings(codex, thread),
    ...settingWarnings(codex, thread),
    ...argvSecretWarnings(codex),
  ];
}

/** Returns warnings about settings that an option overrides (facts F52). */
function settingWarnings(
  codex: CodexOptions,
  thread: ThreadOptions,
): string[] {
  const access = ["sandbox_mode", "approval_policy"];
  const replaced: [option: string, isGiven: unknown, settings: string[]][] = [
    ["approveForMe", thread.approveForMe, access],
    [
      "dangerouslyBypassApprovalsAndSandbox",
      thread.dangerouslyBypassApprovalsAndSandbox,
      access,
    ],
    ["oss", codex.oss, ["model_provider", "model"]],
  ];
  return replaced.flatMap(([option, isGiven, settings]) =>
    isGiven
      ? settings.filter((setting) => hasSetting(codex, setting))
        .map((setting) => `The setting ${setting} has no effect with ${option}`)
      : []
  );
}

function directoryWarnings(
  codex: CodexOptions,
  thread: ThreadOptions,
): string[] {
  const hasDirectories = (thread.additionalDirectories ?? []).length > 0;
  return hasDirectories && !mayWriteThere(codex, thread)
    ? [
      `additionalDirectories has no effect ${
        thread.sandboxMode === undefined
          ? "without a sandboxMode"
          : `with sandboxMode "${thread.sandboxMode}"`
      }: it needs "workspace-write"`,
    ]
    : [];
}

/** Tells whether the agent may write there, as far as the options determine it. */
function mayWriteThere(codex: CodexOptions, thread: ThreadOptions): boolean {
  const { sandboxMode } = thread;
  if (sandboxMode) return sandboxMode !== "read-only";
  return thread.approveForMe || thread.dangerouslyBypassApprovalsAndSandbox ||
    hasSetting(codex, "sandbox_mode");
}

/** Tells whether the options contain a setting, at its own path. */
function hasSetting(
  { config, configOverrides = [] }: CodexOptions,
  setting: string,
): boolean {
  return config?.[setting] !== undefined ||
    configOverrides.some((override) =>
      override.split("=", 1)[0]?.trim() === setting
    );
}
