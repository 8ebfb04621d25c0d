/** Stores threads in Redis. @module */
import {
  CodexThreadConflictError,
  type StoredThread,
  type ThreadStore,
} from "@acodex/sdk/threads";
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";

/** Compares and sets in one step: Redis runs a script alone. */
const SAVE = `
  if (redis.call("HGET", KEYS[1], "version") or "") ~= ARGV[1] then return 0 end
  redis.call("HSET", KEYS[1], "version", ARGV[2], "bundle", ARGV[3])
  redis.call("PEXPIRE", KEYS[1], ARGV[4])
  return 1
`;

/** Keeps bundles in hashes that expire: threads contain what commands printed. */
export class RedisThreadStore implements ThreadStore {
  readonly #redis: Redis;
  readonly #keptMs: number;

  constructor(redis: Redis, keptMs: number = 30 * 24 * 60 * 60_000) {
    this.#redis = redis;
    this.#keptMs = keptMs;
  }

  async load(id: string): Promise<StoredThread | null> {
    const [version, bundle] = await this.#redis
      .hmgetBuffer(makeKey(id), "version", "bundle");
    if (!version || !bundle) return null;
    return { version: version.toString(), bundle: new Uint8Array(bundle) };
  }

  async save(
    id: string,
    bundle: Uint8Array,
    expectedVersion: string | null,
  ): Promise<string> {
    // Not a counter, which would start over after a thread has expired.
    const version = randomUUID();
    const saved = await this.#redis.eval(
      SAVE,
      1,
      makeKey(id),
      expectedVersion ?? "",
      version,
      Buffer.from(bundle),
      this.#keptMs,
    );
    if (saved === 1) return version;
    throw new CodexThreadConflictError(
      `Cannot save thread ${id}: Redis has another version of it`,
      { threadId: id, expectedVersion },
    );
  }
}

function makeKey(id: string): string {
  return `codex-thread:${id.toLowerCase()}`;
}
