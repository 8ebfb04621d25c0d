/** A schema and an answer that may be expensive to read, as texts. */
export interface Hostile {
  /** The JSON Schema. */
  readonly schema: string;
  /**
   * True if it is an `outputSchema`, false if it is the schema of a type that accepts
   * anything.
   */
  readonly isOwn?: boolean;
  /** The text that the model wrote, if it gets that far. */
  readonly answer?: string;
}

/** The outcome of reading it. */
export interface HostileEnding {
  /** The answer that was read, as JSON. */
  readonly value?: string;
  /** The error that was thrown instead. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code: string | undefined;
    readonly path: string | undefined;
    /** True if it is an error of this package. */
    readonly isOurs: boolean;
  };
}

/**
 * The time limit in ms. A task either ends quickly or would take hours.
 */
const LIMIT_MS = 60_000;

/**
 * Prepares a turn's output from a schema and reads an answer, on a thread that is ended
 * after a minute.
 */
export async function readHostile(hostile: Hostile): Promise<HostileEnding> {
  const worker = new Worker(import.meta.resolve("./hostile_worker.ts"), {
    type: "module",
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<HostileEnding>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("Not over yet")), LIMIT_MS);
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage(hostile);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
