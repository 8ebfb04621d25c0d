/** Stores threads in PostgreSQL. @module */
import {
  CodexThreadConflictError,
  type StoredThread,
  type ThreadStore,
} from "@acodex/sdk/threads";
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { Pool } from "pg";

/** Two that create a table at the same time would fail; the lock lets one wait for the other. */
const CREATE = `
  begin;
  select pg_advisory_xact_lock(20261126);
  create table if not exists codex_threads (
    id text primary key,
    version text not null,
    bundle bytea not null,
    saved_at timestamptz not null default now()
  );
  commit;
`;

const INSERT = `
  insert into codex_threads (id, version, bundle) values ($1, $2, $3)
  on conflict do nothing
`;

const UPDATE = `
  update codex_threads set version = $2, bundle = $3, saved_at = now()
  where id = $1 and version = $4
`;

/** Keeps bundles in a table. Delete old rows by `saved_at`: they contain commands' output. */
export class PostgresThreadStore implements ThreadStore {
  readonly #pool: Pool;

  /** Creates the store for a database that has the table. */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Opens the store, and creates its table if it does not exist. */
  static async open(pool: Pool): Promise<PostgresThreadStore> {
    await pool.query(CREATE);
    return new PostgresThreadStore(pool);
  }

  async load(id: string): Promise<StoredThread | null> {
    const { rows: [row] } = await this.#pool.query<
      { version: string; bundle: Buffer }
    >("select version, bundle from codex_threads where id = $1", [
      id.toLowerCase(),
    ]);
    if (row === undefined) return null;
    return { version: row.version, bundle: new Uint8Array(row.bundle) };
  }

  async save(
    id: string,
    bundle: Uint8Array,
    expectedVersion: string | null,
  ): Promise<string> {
    const version = randomUUID();
    const values = [id.toLowerCase(), version, Buffer.from(bundle)];
    const { rowCount } = expectedVersion === null
      ? await this.#pool.query(INSERT, values)
      : await this.#pool.query(UPDATE, [...values, expectedVersion]);
    if (rowCount === 1) return version;
    throw new CodexThreadConflictError(
      `Cannot save thread ${id}: the database has another version of it`,
      { threadId: id, expectedVersion },
    );
  }
}
