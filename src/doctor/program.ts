import { currentHost } from "../runtime/host.ts";
import { doctor } from "./doctor.ts";
import { formatReport } from "./format.ts";

/** The help text of the program. */
const USAGE = `Usage: acodex doctor [--json]

Checks everything that a turn needs here, and prints each problem with its fix.

  --json  print the report as one JSON object
  --help  print this

Exit codes: 0 if a turn would run, 1 if it would fail here, 2 for unknown arguments.`;

/** The result of parsing the program's arguments. */
export type DoctorCall = "text" | "json" | "help" | {
  readonly unknown: string;
};

/**
 * Parses the arguments of the program.
 *
 * @param isNamed `true` if the first argument has to be `doctor`.
 */
export function readArguments(
  words: readonly string[],
  isNamed: boolean,
): DoctorCall {
  const [first, ...others] = words;
  if (isNamed && first === undefined) return "help";
  const isNamedSo = first === "doctor";
  const flags = isNamedSo ? others : words;
  if (flags.some((word) => word === "--help" || word === "-h")) return "help";
  const unknown = flags.find((word) => word !== "--json");
  if (unknown !== undefined) return { unknown };
  if (isNamed && !isNamedSo) return { unknown: first ?? "" };
  return flags.length > 0 ? "json" : "text";
}

/**
 * Runs the program: prints the report, and sets the exit code.
 *
 * @param isNamed `true` if the first argument has to be `doctor`.
 */
export async function runDoctor(isNamed: boolean): Promise<void> {
  const host = currentHost();
  const call = readArguments(host.args, isNamed);
  if (call === "help") return print(USAGE);
  if (typeof call === "object") {
    host.setExitCode(2);
    return printError(`Unknown argument: ${call.unknown}\n\n${USAGE}`);
  }
  const report = await doctor();
  host.setExitCode(report.ok ? 0 : 1);
  print(
    call === "json" ? JSON.stringify(report, null, 2) : formatReport(report),
  );
}

// This is a program: printing is its purpose.

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

function printError(text: string): void {
  // deno-lint-ignore no-console
  console.error(text);
}
