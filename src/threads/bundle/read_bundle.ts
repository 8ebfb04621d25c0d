import { CodexError, CodexInputError } from "../../errors/codex_error.ts";
import { CodexThreadBundleError } from "../../errors/thread_errors.ts";
import { isSameThread } from "../../input/thread_id.ts";
import { quoted } from "../../util/text.ts";
import { ByteReader } from "./byte_reader.ts";
import { checkForkBase } from "./chain.ts";
import {
  MAX_FILES,
  MAX_ROW_BYTES,
  parseHeader,
  parseRow,
  type ThreadBundle,
} from "./format.ts";
import { unpack } from "./gzip.ts";
import { isBytes } from "./is_bytes.ts";
import { readRollout, type Rollout } from "./rollout.ts";
import { sha256 } from "./sha256.ts";

/** A packed bundle: bytes, or a stream of them. */
export type BundleSource = ReadableStream<Uint8Array> | Uint8Array;

/** Limits of a bundle. */
export interface BundleLimits {
  /** The most bytes, packed and unpacked. */
  readonly maxBytes: number;
  /** The id of the thread that it must hold; `undefined` allows any. */
  readonly expectId: string | undefined;
}

/**
 * Reads a bundle, and checks all of it.
 *
 * @throws {CodexInputError} If `source` is neither bytes nor a stream of them.
 * @throws {CodexThreadBundleError} If anything is wrong with it.
 */
export async function readBundle(
  source: BundleSource,
  { maxBytes, expectId }: BundleLimits,
): Promise<ThreadBundle> {
  const { chunks, stop, failure } = openSource(source);
  const packed = limited(chunks, maxBytes, "packed");
  const reader = new ByteReader(limited(unpack(packed), maxBytes, "unpacked"));
  try {
    return await readAll(reader, expectId);
  } catch (cause) {
    const failed = failure();
    // An error of the caller's stream is thrown unchanged.
    if (failed !== undefined) throw failed.error;
    throw cause instanceof CodexError ? cause : unreadable(cause);
  } finally {
    // This comes first: the stream may be waiting for a chunk that never comes.
    stop();
    await reader.close();
  }
}

async function readAll(
  reader: ByteReader,
  expectId: string | undefined,
): Promise<ThreadBundle> {
  const { id } = parseHeader(await reader.line(MAX_ROW_BYTES) ?? "");
  if (expectId !== undefined && !isSameThread(id, expectId)) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: it contains thread ${id}, but ${expectId.toLowerCase()} was expected`,
    );
  }
  const thread = await readFile(reader, id);
  const rollouts: [Rollout, ...Rollout[]] = [thread];
  for (let last = thread; last.base !== undefined;) {
    if (rollouts.length === MAX_FILES) {
      throw new CodexThreadBundleError(
        `Cannot import the bundle: its thread was forked more than ${
          MAX_FILES - 1
        } times`,
      );
    }
    const ancestor = await readFile(reader, last.base.threadId);
    checkForkBase(last.name, last.base, ancestor);
    rollouts.push(ancestor);
    last = ancestor;
  }
  if (!await reader.isAtEnd()) {
    throw new CodexThreadBundleError(
      "Cannot import the bundle: it has data after its last file",
    );
  }
  return { id, rollouts };
}

async function readFile(reader: ByteReader, id: string): Promise<Rollout> {
  const line = await reader.line(MAX_ROW_BYTES);
  if (line === undefined) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: the file of thread ${id} is missing`,
    );
  }
  const { name, bytes: length, sha256: hash } = parseRow(line, id);
  const bytes = await reader.bytes(length);
  if (bytes === undefined || await sha256(bytes) !== hash) {
    throw new CodexThreadBundleError(
      `Cannot import the bundle: its file ${quoted(name)} ${
        bytes === undefined ? "is cut off" : "does not match its SHA-256"
      }`,
      { fileName: name },
    );
  }
  return await readRollout(name, id, bytes);
}

/** A bundle that is being read. */
interface OpenSource {
  /** Its chunks. */
  readonly chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Stops reading, also while a chunk is awaited. */
  stop(): void;
  /** Returns the error of the caller's stream, if it has failed. */
  failure(): { readonly error: unknown } | undefined;
}

function openSource(source: BundleSource): OpenSource {
  const given: unknown = source;
  if (isBytes(given)) {
    return {
      chunks: (async function* () {
        yield given;
      })(),
      stop(): void {},
      failure: () => undefined,
    };
  }
  const reader = openReader(given);
  let failed: { readonly error: unknown } | undefined;
  return {
    chunks: (async function* () {
      for (;;) {
        const { done, value } = await reader.read().catch((error) => {
          failed = { error };
          throw error;
        });
        if (done) return;
        if (!isBytes(value)) {
          throw notBytes("must deliver chunks of Uint8Array");
        }
        yield value;
      }
    })(),
    stop(): void {
      reader.cancel().catch(() => {});
    },
    failure: () => failed,
  };
}

/** Returns a reader of a stream, of any realm. */
function openReader(source: unknown): ReadableStreamDefaultReader<unknown> {
  if (
    typeof source !== "object" || source === null ||
    !("getReader" in source) || typeof source.getReader !== "function"
  ) {
    throw notBytes("must be a Uint8Array, or a ReadableStream of them");
  }
  try {
    return source.getReader();
  } catch (cause) {
    throw notBytes("must be a stream that is not locked", cause);
  }
}

/** Hands chunks on, and throws if they have more than `maxBytes` in total. */
async function* limited(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
  state: "packed" | "unpacked",
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new CodexThreadBundleError(
        `Cannot import the bundle: ${state} it has more than ${maxBytes} bytes; raise maxBytes if that is intended`,
      );
    }
    yield chunk;
  }
}

function notBytes(why: string, cause?: unknown): CodexInputError {
  return new CodexInputError(`bundle ${why}`, { path: "bundle", cause });
}

function unreadable(cause: unknown): CodexThreadBundleError {
  return new CodexThreadBundleError(
    "Cannot import the bundle: it cannot be unpacked: it is not gzip, or damaged or cut off",
    { cause },
  );
}
