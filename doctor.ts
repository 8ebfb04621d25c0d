/**
 * Checks everything that a turn of the Codex agent needs on this machine, and reports what
 * would fail, each problem with the command that fixes it. A function and a program.
 *
 * ```sh
 * npx @acodex/sdk doctor
 * deno run --allow-all jsr:@acodex/sdk/doctor --json
 * ```
 *
 * @example Report what would make turns fail
 * ```ts
 * import { doctor, formatReport } from "@acodex/sdk/doctor";
 *
 * const report = await doctor();
 * if (!report.ok) console.error(formatReport(report));
 * ```
 *
 * @module
 */
import { runDoctor } from "./src/doctor/program.ts";

export { doctor } from "./src/doctor/doctor.ts";
export { formatReport } from "./src/doctor/format.ts";
export type {
  CodexHome,
  DoctorOptions,
  DoctorProblem,
  DoctorReport,
  FoundCli,
  LoginState,
  McpServerState,
  PermissionState,
  ProxyState,
  WatchState,
  WorkingFolder,
} from "./src/doctor/report.ts";
export type { CodexOrigin } from "./src/cli/locate/locate.ts";

// Bundled into another program, `import.meta.main` is true for that program.
if (import.meta.main && /\/doctor\.[jt]s$/.test(import.meta.url)) {
  runDoctor(false);
}
