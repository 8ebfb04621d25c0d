import type { Runtime } from "../../runtime/types.ts";
import type { ProcessEntry } from "./process_tree.ts";

/** The variable that marks what a turn starts; a name that no filter for secrets takes out. */
export const MARKER_NAME = "ACODEX_TURN";

/**
 * The system's living processes; nothing where the system or the runtime does not
 * show them. On Linux they stand in `/proc`, which Deno opens with `--allow-all`
 * only.
 *
 * @param marker The value of {@linkcode MARKER_NAME} to look for.
 */
export async function readProcessTable(
  runtime: Runtime,
  marker: string,
): Promise<ProcessEntry[] | undefined> {
  if (runtime.platform !== "linux" && runtime.platform !== "android") {
    return undefined;
  }
  try {
    const names = await runtime.listFolder("/proc");
    const entries = await Promise.all(
      names.filter((name) => /^\d+$/.test(name)).map((name) =>
        readProcess(runtime, `/proc/${name}`, marker)
      ),
    );
    return entries.filter((entry) => entry !== undefined);
  } catch {
    return undefined;
  }
}

async function readProcess(
  runtime: Runtime,
  folder: string,
  marker: string,
): Promise<ProcessEntry | undefined> {
  try {
    const stat = parseStat(await runtime.readText(`${folder}/stat`));
    if (stat === undefined) return undefined;
    return { ...stat, marked: await isMarked(runtime, folder, marker) };
  } catch {
    // It is gone by now.
    return undefined;
  }
}

/** Another user's environment cannot be read: what they run is no part of a turn. */
async function isMarked(
  runtime: Runtime,
  folder: string,
  marker: string,
): Promise<boolean> {
  try {
    const environment = await runtime.readText(`${folder}/environ`);
    return environment.split("\0").includes(`${MARKER_NAME}=${marker}`);
  } catch {
    return false;
  }
}

/** A line of `/proc/<pid>/stat`; nothing for a process that has ended and waits to be collected. */
export function parseStat(
  line: string,
): Omit<ProcessEntry, "marked"> | undefined {
  // The name, in parentheses, may hold anything, parentheses and spaces too.
  const afterName = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, parentPid] = afterName;
  const startTime = afterName[19];
  const pid = Number.parseInt(line, 10);
  if (startTime === undefined || Number.isNaN(pid)) return undefined;
  if (state === "Z" || state === "X") return undefined;
  return { pid, parentPid: Number(parentPid), startTime };
}
