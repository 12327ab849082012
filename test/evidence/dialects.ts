import Database from 'libsql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type EvidenceRow, type Store } from '../../src/evidence';
import { Postgres } from './postgres';

/** An empty database of one dialect: opened as often as a test likes, and touched behind the store's back. */
export interface Ground {
  open(): Promise<Store>;
  /** Runs SQL as somebody with the database's own rights. */
  run(statement: string): Promise<void>;
  /** The same with the guards switched off, as only an owner can. */
  tamper(statement: string): Promise<void>;
  end(): Promise<void>;
}

function sqliteGround(): Promise<Ground> {
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-store-'));
  const run = (statement: string): Promise<void> => {
    const db = new Database(join(dir, 'daytwo.db'));
    try {
      db.exec(statement);
    } finally {
      db.close();
    }
    return Promise.resolve();
  };
  return Promise.resolve({
    open: () => openStore({ stateDir: dir, databaseUrl: null }),
    run: async (statement) => run(statement),
    tamper: async (statement) => {
      const triggers = ['update', 'delete', 'replace'].map(
        (what) => `DROP TRIGGER IF EXISTS evidence_no_${what};`,
      );
      const head = ['grows', 'stays', 'single'].map(
        (what) => `DROP TRIGGER IF EXISTS evidence_head_${what};`,
      );
      return run([...triggers, ...head, statement].join('\n'));
    },
    end: async () => rmSync(dir, { recursive: true, force: true }),
  });
}

async function postgresGround(server: Postgres): Promise<Ground> {
  const name = await server.createDatabase();
  const stores: Store[] = [];
  return {
    open: async () => {
      const store = await openStore({ stateDir: '', databaseUrl: server.url('owner', name) });
      stores.push(store);
      return store;
    },
    run: (statement) => server.run(name, statement),
    tamper: (statement) => server.run(name, `SET session_replication_role = replica; ${statement}`),
    end: async () => undefined,
  };
}

/** Declares the same tests for each dialect. */
export function onBothDialects(tests: (ground: () => Promise<Ground>) => void): void {
  describe('on SQLite', () => tests(sqliteGround));
  const known = Postgres.binaries() !== null;
  const title = known ? 'on PostgreSQL' : 'on PostgreSQL (skipped: this machine has no initdb and postgres)';
  (known ? describe : describe.skip)(title, () => {
    let server: Postgres;
    beforeAll(async () => {
      server = await Postgres.start();
    });
    afterAll(() => server.stop());
    tests(() => postgresGround(server));
  });
}

let made = 0;
export function row(changes: Partial<EvidenceRow> = {}): EvidenceRow {
  made += 1;
  return {
    id: `record-${made}`,
    at: '2026-11-24T04:00:00Z',
    zone: 'Europe/Berlin',
    subject: '104711',
    request: 'acme/access-requests#7',
    workflowId: 'access-request/acme/access-requests/7',
    kind: 'access.granted',
    actor: 'daytwo',
    channel: 'daytwo',
    detail: {
      what: `granted system ${made}`,
      before: null,
      after: { role: 'Account Executive' },
      proof: 'verified',
    },
    ...changes,
  };
}
