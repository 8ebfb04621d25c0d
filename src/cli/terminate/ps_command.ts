/** The program that lists processes on systems without `/proc`, such as macOS. */
export const PS_PROGRAM = "/bin/ps";

/**
 * The flags of `ps` for all processes with their environments: those of macOS, and those
 * of other systems, on which the first fail (facts R41).
 */
export const PS_FLAGS = ["-AEww", "axeww"] as const;

/**
 * The columns of `ps`, each with its own flag: macOS takes everything after a `=` for a
 * title.
 */
export const PS_COLUMNS: readonly string[] = [
  ...["-o", "pid=", "-o", "ppid=", "-o", "stat=", "-o", "lstart="],
  ...["-o", "command="],
];

/** The environment of `ps`: dates in one language and time zone, and macOS' own flags. */
export const PS_ENVIRONMENT = {
  LC_ALL: "C",
  TZ: "UTC0",
  COMMAND_MODE: "unix2003",
} as const;
