import { sql, type Kysely, type Transaction } from 'kysely';
import type { Channel } from '../domain/handbook';
import type { Dialect } from './migrations';
import {
  canonicalJson,
  chainHash,
  differences,
  GENESIS,
  localTime,
  storable,
  utc,
  type ChainedRow,
  type EvidenceChannel,
  type EvidenceDetail,
  type EvidenceRow,
} from './row';
import type { EvidenceTable, Tables } from './tables';

/** A record of this id exists already and says something else: a fault of the caller's ids, which no retry mends. */
export class EvidenceConflictError extends Error {
  override readonly name = 'EvidenceConflictError';
  constructor(
    readonly id: string,
    readonly fields: readonly string[],
  ) {
    super(`evidence ${id} exists already with other content (${fields.join(', ')})`);
  }
}

/** Where the chain stands. Written down elsewhere, it lets `verify` find even a chain that was rewritten as a whole. */
export interface Anchor {
  readonly rows: number;
  readonly hash: string;
}

export type Fault = 'changed' | 'removed' | 'reordered' | 'added';
export type Verdict =
  | { readonly ok: true; readonly rows: number; readonly hash: string }
  | { readonly ok: false; readonly firstBad: { readonly seq: number; readonly why: Fault } };

/** PostgreSQL's lock that lets one process at a time extend the chain. */
const APPEND_LOCK = 0x6461_7974;
const BATCH = 500;

/** Adds what isn't there yet, in order, in one transaction. @throws EvidenceConflictError */
export async function append(
  db: Kysely<Tables>,
  dialect: Dialect,
  rows: readonly EvidenceRow[],
): Promise<{ added: number }> {
  if (rows.length === 0) return { added: 0 };
  return db.transaction().execute(async (trx) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${APPEND_LOCK})`.execute(trx);
    const fresh = await withoutKnown(trx, rows.map(storable));
    const head = await trx
      .selectFrom('evidence_head')
      .selectAll()
      .where('id', '=', 1)
      .executeTakeFirstOrThrow();
    const chained = chain(fresh, { rows: head.row_count, hash: head.last_hash });
    for (let at = 0; at < chained.length; at += BATCH)
      await trx
        .insertInto('evidence')
        .values(chained.slice(at, at + BATCH))
        .execute();
    const last = chained.at(-1);
    if (last)
      await trx
        .updateTable('evidence_head')
        .set({ row_count: last.seq, last_hash: last.hash })
        .where('id', '=', 1)
        .execute();
    return { added: chained.length };
  });
}

function chain(rows: readonly EvidenceRow[], head: Anchor): EvidenceTable[] {
  let { rows: seq, hash: prev_hash } = head;
  return rows.map((row) => {
    const columns = { ...columnsOf(row), prev_hash };
    const hash = chainHash(columns);
    prev_hash = hash;
    seq += 1;
    return { seq, ...columns, hash };
  });
}

async function withoutKnown(trx: Transaction<Tables>, rows: readonly EvidenceRow[]): Promise<EvidenceRow[]> {
  const known = new Map<string, EvidenceRow>();
  for (let at = 0; at < rows.length; at += BATCH) {
    const ids = rows.slice(at, at + BATCH).map((row) => row.id);
    for (const found of await trx.selectFrom('evidence').selectAll().where('id', 'in', ids).execute())
      known.set(found.id, fromTable(found));
  }
  return rows.filter((row) => {
    const same = known.get(row.id);
    if (!same) {
      known.set(row.id, row);
      return true;
    }
    const fields = differences(same, row);
    if (fields.length > 0) throw new EvidenceConflictError(row.id, fields);
    return false;
  });
}

/** Reads the whole chain and names the first row that isn't as it was written. */
export async function verify(db: Kysely<Tables>, anchor?: Anchor): Promise<Verdict> {
  const { stored, head } = await extent(db);
  const bad = (seq: number, why: Fault): Verdict => ({ ok: false, firstBad: { seq, why } });
  if (!head) return bad(stored + 1, 'removed');
  let previous: { seq: number; hash: string } = { seq: 0, hash: GENESIS };
  for await (const row of rowsUpTo(db, head.rows)) {
    if (row.seq <= previous.seq) return bad(row.seq, 'added');
    if (row.seq !== previous.seq + 1)
      return bad(previous.seq + 1, (await follows(db, previous.hash)) ? 'reordered' : 'removed');
    if (row.hash !== chainHash(row)) return bad(row.seq, 'changed');
    if (row.prev_hash !== previous.hash)
      return bad(...(await brokenLink(db, row, previous, stored < head.rows)));
    if (anchor?.rows === row.seq && anchor.hash !== row.hash) return bad(row.seq, 'changed');
    previous = row;
  }
  if (previous.seq < head.rows) return bad(previous.seq + 1, 'removed');
  if (previous.hash !== head.hash) return bad(previous.seq, 'changed');
  if (stored > head.rows) return bad(head.rows + 1, 'added');
  if (anchor && anchor.rows > head.rows) return bad(head.rows + 1, 'removed');
  return { ok: true, rows: head.rows, hash: head.hash };
}

/** The row is sound in itself, but doesn't follow the one before: which of the two happened to which row? */
async function brokenLink(
  db: Kysely<Tables>,
  row: EvidenceTable,
  previous: { seq: number; hash: string },
  rowsAreMissing: boolean,
): Promise<[number, Fault]> {
  if (await follows(db, previous.hash)) return [row.seq, 'reordered'];
  if (rowsAreMissing) return [row.seq, 'removed'];
  // Nothing follows the row before any more, and nothing is missing: that one got another content and another hash.
  return previous.seq === 0 ? [row.seq, 'changed'] : [previous.seq, 'changed'];
}

async function follows(db: Kysely<Tables>, hash: string): Promise<boolean> {
  const query = db.selectFrom('evidence').select('seq').where('prev_hash', '=', hash);
  return (await query.executeTakeFirst()) !== undefined;
}

async function extent(db: Kysely<Tables>): Promise<{ stored: number; head: Anchor | undefined }> {
  // One statement, so that rows appended meanwhile count in both figures or in none.
  const found = await db
    .selectNoFrom((eb) => [
      eb.selectFrom('evidence').select(eb.fn.countAll<number>().as('n')).as('stored'),
      eb.selectFrom('evidence_head').select('row_count').where('id', '=', 1).as('rows'),
      eb.selectFrom('evidence_head').select('last_hash').where('id', '=', 1).as('hash'),
    ])
    .executeTakeFirstOrThrow();
  const { rows, hash } = found;
  return { stored: Number(found.stored), head: rows === null || hash === null ? undefined : { rows, hash } };
}

async function* rowsUpTo(db: Kysely<Tables>, last: number): AsyncGenerator<EvidenceTable> {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await db
      .selectFrom('evidence')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(1000)
      .execute();
    yield* page;
    const end = page.at(-1);
    if (!end) return;
    after = end.seq;
  }
}

/** The chain's end as it stands now. */
export async function anchorOf(db: Kysely<Tables>): Promise<Anchor> {
  const head = await db.selectFrom('evidence_head').selectAll().where('id', '=', 1).executeTakeFirst();
  return head ? { rows: head.row_count, hash: head.last_hash } : { rows: 0, hash: GENESIS };
}

function columnsOf(row: EvidenceRow): Omit<EvidenceTable, 'seq' | 'prev_hash' | 'hash'> {
  const { id, zone, subject, request, workflowId, kind, actor, channel, detail } = row;
  const at = utc(row.at);
  return {
    id,
    at,
    zone,
    local_time: localTime(at, zone),
    subject,
    request,
    workflow_id: workflowId,
    kind,
    actor,
    channel,
    detail: canonicalJson(detail),
  };
}

const CHANNELS: Readonly<Record<Channel | 'hris' | 'daytwo', true>> = {
  gitlab: true,
  console: true,
  cli: true,
  signal: true,
  hris: true,
  daytwo: true,
};
const isChannel = (text: string): text is EvidenceChannel => Object.hasOwn(CHANNELS, text);

export function fromTable(row: EvidenceTable): ChainedRow {
  return {
    seq: row.seq,
    id: row.id,
    at: row.at,
    zone: row.zone,
    localTime: row.local_time,
    subject: row.subject,
    request: row.request,
    workflowId: row.workflow_id,
    kind: row.kind,
    actor: row.actor,
    // A channel or a detail that somebody spoiled must not stop a story: it reads as it can, and `verify` names it.
    channel: isChannel(row.channel) ? row.channel : 'daytwo',
    detail: readDetail(row.detail),
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}

function readDetail(text: string): EvidenceDetail {
  const unreadable = { what: 'a detail that can no longer be read' };
  try {
    const value: unknown = JSON.parse(text);
    return isDetail(value) ? value : unreadable;
  } catch {
    return unreadable;
  }
}

const isDetail = (value: unknown): value is EvidenceDetail =>
  typeof value === 'object' && value !== null && 'what' in value && typeof value.what === 'string';
