/** A schema and an answer that may cost much, as texts. */
export interface Hostile {
  /** A JSON Schema. */
  readonly schema: string;
  /** Whether it is an `outputSchema`; otherwise it is that of a type that takes anything. */
  readonly isOwn?: boolean;
  /** What the model has written, if it comes to that. */
  readonly answer?: string;
}

/** What became of it. */
export interface HostileEnding {
  /** The answer that was read, as JSON. */
  readonly value?: string;
  /** What was thrown instead. */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code: string | undefined;
    readonly path: string | undefined;
    /** Whether it is of this package. */
    readonly isOurs: boolean;
  };
}

/** How long it may take, in ms: what would take hours is over in no time, or not at all. */
const LIMIT_MS = 60_000;

/** Prepares a turn's output by a schema and reads an answer, on a thread that is ended after a minute. */
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
