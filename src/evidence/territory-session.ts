import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '../domain/territory/sql/words';

/** A row whose cells are plain values; large numbers come as text, lists as text in JSON. */
export type NightRow = Readonly<Record<string, string | number | boolean | null>>;

/** What a plan may hold in memory; the rest lies on disk. With Node beside it a process stays below 1 GiB. */
const MEMORY = '512MB';

/** DuckDB for a plan or a question to a kept one: with files beside it for what memory doesn't hold, gone when it is closed. */
export class TerritorySession {
  private constructor(
    private readonly dir: string | null,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** @param dir where it may put files for a while; null: all in memory, for small questions */
  static async open(dir: string | null): Promise<TerritorySession> {
    const own = dir === null ? null : await mkdtemp(join(dir, '.planning-'));
    const instance = await DuckDBInstance.create(own === null ? ':memory:' : join(own, 'plan.duckdb'), {
      memory_limit: MEMORY,
      threads: own === null ? '1' : '2',
      preserve_insertion_order: 'false',
      ...(own !== null && { temp_directory: join(own, 'spill') }),
      // What is read is the files named here, nothing of the network.
      autoinstall_known_extensions: 'false',
    });
    return new TerritorySession(own, instance, await instance.connect());
  }

  async run(...steps: readonly (string | Step)[]): Promise<void> {
    for (const one of steps) await this.connection.run(typeof one === 'string' ? one : one.sql);
  }

  async rows(sql: string, values: readonly (string | number)[] = []): Promise<readonly NightRow[]> {
    const read = await this.connection.runAndReadAll(sql, [...values]);
    return read.getRowObjectsJson() as readonly NightRow[];
  }

  async number(sql: string): Promise<number> {
    const [row] = await this.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    if (this.dir !== null) await rm(this.dir, { recursive: true, force: true });
  }
}
