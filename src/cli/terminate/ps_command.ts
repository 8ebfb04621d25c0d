/** The program that lists processes where there is no `/proc`, as on macOS. */
export const PS_PROGRAM = "/bin/ps";

/**
 * Its flags for all processes, with their environments: those of macOS, and those of
 * other systems, on which the first fail (facts R41).
 */
export const PS_FLAGS = ["-AEww", "axeww"] as const;

/** Its columns, each by a flag of its own: macOS takes all that follows a `=` for a title. */
export const PS_COLUMNS: readonly string[] = [
  ...["-o", "pid=", "-o", "ppid=", "-o", "stat=", "-o", "lstart="],
  ...["-o", "command="],
];

/** What it is set to: dates in one language and time zone, and macOS' own flags. */
export const PS_ENVIRONMENT = {
  LC_ALL: "C",
  TZ: "UTC0",
  COMMAND_MODE: "unix2003",
} as const;
