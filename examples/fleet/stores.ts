/**
 * The thread store, in the same database as the queue: PostgreSQL, or else Redis.
 *
 * @module
 */
import type { ThreadStore } from "@acodex/sdk/threads";
import { Redis } from "ioredis";
import pg from "pg";
import { PostgresThreadStore } from "./postgres_store.ts";
import { DATABASE_URL, REDIS_URL } from "./queue.ts";
import { RedisThreadStore } from "./redis_store.ts";

/** A store, and the end of its connection. */
export interface OpenStore {
  readonly store: ThreadStore;
  close(): Promise<void>;
}

/** Opens the store that belongs to the queue. */
export async function openStore(): Promise<OpenStore> {
  if (DATABASE_URL !== undefined) {
    const pool = new pg.Pool({ connectionString: DATABASE_URL });
    const store = await PostgresThreadStore.open(pool);
    return { store, close: () => pool.end() };
  }
  const redis = new Redis(REDIS_URL);
  return {
    store: new RedisThreadStore(redis),
    async close() {
      await redis.quit();
    },
  };
}
