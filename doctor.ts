/**
 * Looks at all that a turn of the Codex agent needs here, and says what would fail, each
 * with the command that mends it: a function, and a program.
 *
 * ```sh
 * npx @acodex/sdk doctor
 * deno run --allow-all jsr:@acodex/sdk/doctor --json
 * ```
 *
 * @example Refuse to start where turns would fail
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

// In a bundle of another program, `main` is that one.
if (import.meta.main && /\/doctor\.[jt]s$/.test(import.meta.url)) {
  runDoctor(false);
}
