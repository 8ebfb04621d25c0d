import { argvSecretWarnings } from "./argv_secrets.ts";
import type { CodexOptions, ThreadOptions } from "../options/options.ts";

/** Lists what a request asks for that has no effect, or one that may be unwanted. */
export function requestWarnings(
  codex: CodexOptions,
  thread: ThreadOptions,
): string[] {
  return [...directoryWarnings(codex, thread), ...argvSecretWarnings(codex)];
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

/** Tells whether the agent may write at all, as far as the options say. */
function mayWriteThere(
  { config, configOverrides = [] }: CodexOptions,
  { sandboxMode }: ThreadOptions,
): boolean {
  if (sandboxMode) return sandboxMode !== "read-only";
  return config?.sandbox_mode !== undefined ||
    configOverrides.some((override) => /^\s*sandbox_mode\s*=/.test(override));
}
