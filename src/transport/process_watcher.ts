import type {
  ExitedProcess,
  SpawnedProcess,
  WatchedProcess,
} from "../options/listeners.ts";

/** Observes the processes that a transport starts. Its methods never throw and never block. */
export interface ProcessWatcher {
  /** Receives a process that was started. */
  spawned(child: SpawnedProcess): void;
  /** Receives whole lines that a process wrote to stderr, with secrets removed. */
  wrote(text: string, child: WatchedProcess): void;
  /** Receives a process that has exited. */
  exited(child: ExitedProcess): void;
}
