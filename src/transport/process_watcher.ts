import type {
  ExitedProcess,
  SpawnedProcess,
  WatchedProcess,
} from "../options/listeners.ts";

/** Is told of the processes that a transport starts. Never throws, and takes no time. */
export interface ProcessWatcher {
  /** A process was started. */
  spawned(child: SpawnedProcess): void;
  /** It has written whole lines to stderr, in which there are no secrets. */
  wrote(text: string, child: WatchedProcess): void;
  /** It has ended. */
  exited(child: ExitedProcess): void;
}
