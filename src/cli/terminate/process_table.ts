import type { Runtime } from "../../runtime/types.ts";
import { MARKER_NAME } from "./marker.ts";
import type { ProcessEntry } from "./process_tree.ts";
import { psAge, readPsTable } from "./ps_table.ts";

/**
 * Reads the system's living processes; returns `undefined` if the system or the runtime
 * does not show them. Linux lists them in `/proc`, which Deno can read only with
 * `--allow-all`. On macOS `ps` lists them, and Deno signals them only with an
 * unrestricted `--allow-run`.
 *
 * @param marker The value of {@linkcode MARKER_NAME} to look for; a dot and more text may
 * follow it.
 */
export async function readProcessTable(
  runtime: Runtime,
  marker: string,
): Promise<ProcessEntry[] | undefined> {
  if (runtime.platform === "darwin") return await readPsTable(runtime, marker);
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
    // It has exited by now.
    return undefined;
  }
}

/**
 * Tells whether a process has the marker. Another user's environment cannot be read, but
 * their processes do not belong to a turn.
 */
async function isMarked(
  runtime: Runtime,
  folder: string,
  marker: string,
): Promise<boolean> {
  try {
    const environment = await runtime.readText(`${folder}/environ`);
    const mark = `${MARKER_NAME}=${marker}`;
    return environment.split("\0").some((variable) =>
      variable === mark || variable.startsWith(`${mark}.`)
    );
  } catch {
    return false;
  }
}

/**
 * Parses a line of `/proc/<pid>/stat`; returns `undefined` for a process that has ended.
 */
export function parseStat(
  line: string,
): Omit<ProcessEntry, "marked"> | undefined {
  // The name, in parentheses, may contain any characters, including parentheses and
  // spaces.
  const afterName = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, parentPid] = afterName;
  const startTime = afterName[19];
  const pid = Number.parseInt(line, 10);
  if (startTime === undefined || Number.isNaN(pid)) return undefined;
  if (state === "Z" || state === "X") return undefined;
  return { pid, parentPid: Number(parentPid), startTime };
}

/** The length of a tick of Linux's start times, in milliseconds. */
const TICK_MS = 10;

/**
 * Reads the clock of the start times, and returns a function that tells the age of a
 * process, in milliseconds.
 */
export async function readAges(
  runtime: Runtime,
): Promise<(entry: ProcessEntry) => number> {
  if (runtime.platform === "darwin") {
    return ({ startTime }) => psAge(startTime);
  }
  const uptimeMs = await readUptimeMs(runtime);
  return ({ startTime }) => uptimeMs - Number(startTime) * TICK_MS;
}

/** Reads the system's uptime, in milliseconds; infinite if it is not available. */
async function readUptimeMs(runtime: Runtime): Promise<number> {
  try {
    return Number.parseFloat(await runtime.readText("/proc/uptime")) * 1000;
  } catch {
    return Infinity;
  }
}
