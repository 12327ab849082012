import { sql, type Kysely } from 'kysely';
import { AbsenceStore } from './absences';
import { utc } from './row';
import type { Tables } from './tables';

/** The request that something belongs to. */
interface RequestKey {
  readonly project: string;
  readonly iid: number;
}

/** One thing that waits on somebody. */
export interface HeldItem {
  /** `stand_in`: may approve, though it is somebody else's turn; that they are away, or back, matters all the same. */
  readonly kind: 'claim' | 'approval' | 'task' | 'stand_in';
  /** The approval's part or the task's id; empty for a claim. */
  readonly what: string;
  /** GitLab user name. */
  readonly username: string;
  /** The instant since when, ISO 8601. */
  readonly since: string;
}

export interface HeldWork extends HeldItem, RequestKey {
  readonly workflowId: string;
}

export interface DueRequest extends RequestKey {
  readonly workflowId: string;
  /** The instant, ISO 8601 in UTC. */
  readonly dueAt: string;
}

/** Rows that one statement may carry. */
const BATCH = 200;

/**
 * What waits on whom and what is due when, as each visit to an issue last said it: one watch reads it for all requests.
 * Nothing here decides anything: lost rows come back with the next visit.
 */
export class WorkStore {
  readonly #db: Kysely<Tables>;
  /** Times away, as the sources said them. */
  readonly absences: AbsenceStore;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
    this.absences = new AbsenceStore(db);
  }

  /** Makes these all that waits in one request; writes nothing where nothing changed. */
  async replaceWork(workflowId: string, ref: RequestKey, rows: readonly HeldItem[]): Promise<void> {
    const wanted = new Map(
      rows.map(({ kind, what, username, since }) => [
        keyOf({ kind, what, username }),
        {
          workflow_id: workflowId,
          project: ref.project,
          iid: ref.iid,
          kind,
          what,
          username,
          since: utc(since),
        },
      ]),
    );
    const query = this.#db.selectFrom('held_work').selectAll().where('workflow_id', '=', workflowId);
    const there = new Map((await query.execute()).map((row) => [keyOf(row), row]));
    const fresh = [...wanted].filter(([key, row]) => !isSame(there.get(key), row)).map(([, row]) => row);
    const stale = [...there].filter(([key]) => !wanted.has(key)).map(([, row]) => row);
    if (fresh.length === 0 && stale.length === 0) return;
    await this.#db.transaction().execute(async (trx) => {
      for (const { kind, what, username } of stale)
        await trx
          .deleteFrom('held_work')
          .where('workflow_id', '=', workflowId)
          .where('kind', '=', kind)
          .where('what', '=', what)
          .where('username', '=', username)
          .execute();
      for (let at = 0; at < fresh.length; at += BATCH)
        await trx
          .insertInto('held_work')
          .values(fresh.slice(at, at + BATCH))
          .onConflict((conflict) =>
            conflict.columns(['workflow_id', 'kind', 'what', 'username']).doUpdateSet((eb) => ({
              project: eb.ref('excluded.project'),
              iid: eb.ref('excluded.iid'),
              since: eb.ref('excluded.since'),
            })),
          )
          .execute();
    });
  }

  /** All that waits on somebody, request by request. */
  async workOf(username: string): Promise<readonly HeldWork[]> {
    const query = this.#db
      .selectFrom('held_work')
      .selectAll()
      .where('username', '=', username)
      .where('kind', '!=', 'stand_in');
    const rows = await query.orderBy('workflow_id').orderBy('kind').orderBy('what').execute();
    return rows.map(fromTable);
  }

  /** The requests in which something waits on somebody, in the order of their ids, after `after`. */
  async requestsOf(username: string, after: string, limit: number): Promise<readonly HeldRequest[]> {
    const rows = await this.#db
      .selectFrom('held_work')
      .select(['workflow_id', 'project', 'iid'])
      .distinct()
      .where('username', '=', username)
      .where('workflow_id', '>', after)
      .orderBy('workflow_id')
      .limit(limit)
      .execute();
    return rows.map(({ workflow_id, project, iid }) => ({ workflowId: workflow_id, project, iid }));
  }

  /**
   * User names on whom something waits. Steps through the index from name to name: as many steps as people, however many
   * requests wait on each.
   */
  async holders(): Promise<readonly string[]> {
    const { rows } = await sql<{ username: string }>`
      WITH RECURSIVE holder (username) AS (
        SELECT min(username) FROM held_work
        UNION ALL
        SELECT (SELECT min(held_work.username) FROM held_work WHERE held_work.username > holder.username)
          FROM holder WHERE holder.username IS NOT NULL
      )
      SELECT username FROM holder WHERE username IS NOT NULL`.execute(this.#db);
    return rows.map(({ username }) => username);
  }

  /** Says when a request is to be looked at though nothing moves; null: not at all. Writes nothing where it says so already. */
  async setDue(workflowId: string, ref: RequestKey, dueAt: string | null): Promise<void> {
    if (dueAt === null) {
      await this.#db.deleteFrom('request_due').where('workflow_id', '=', workflowId).execute();
      return;
    }
    const row = { workflow_id: workflowId, project: ref.project, iid: ref.iid, due_at: utc(dueAt) };
    await this.#db
      .insertInto('request_due')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('workflow_id')
          .doUpdateSet({ project: row.project, iid: row.iid, due_at: row.due_at })
          .where((eb) =>
            eb.or([
              eb('request_due.due_at', '<>', row.due_at),
              eb('request_due.project', '<>', row.project),
              eb('request_due.iid', '<>', row.iid),
            ]),
          ),
      )
      .execute();
  }

  /** The requests of a project that are due at an instant, the longest due first. */
  async dueBy(project: string, instant: string, limit: number): Promise<readonly DueRequest[]> {
    const rows = await this.#db
      .selectFrom('request_due')
      .selectAll()
      .where('project', '=', project)
      .where('due_at', '<=', utc(instant))
      .orderBy('due_at')
      .orderBy('workflow_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      workflowId: row.workflow_id,
      project: row.project,
      iid: row.iid,
      dueAt: row.due_at,
    }));
  }

  /** Lets due requests rest until then, so that some that nobody visits never keep others from their turn. */
  async postpone(workflowIds: readonly string[], until: string): Promise<void> {
    for (let at = 0; at < workflowIds.length; at += BATCH)
      await this.#db
        .updateTable('request_due')
        .set({ due_at: utc(until) })
        .where('workflow_id', 'in', workflowIds.slice(at, at + BATCH))
        .where('due_at', '<', utc(until))
        .execute();
  }

  /** The request has ended: nothing waits in it, and it is never due. */
  async forget(workflowId: string): Promise<void> {
    await this.#db.deleteFrom('held_work').where('workflow_id', '=', workflowId).execute();
    await this.#db.deleteFrom('request_due').where('workflow_id', '=', workflowId).execute();
  }
}

export type HeldRequest = Pick<HeldWork, 'workflowId' | 'project' | 'iid'>;

type Row = Tables['held_work'];

const KINDS: readonly HeldItem['kind'][] = ['claim', 'approval', 'task', 'stand_in'];

const keyOf = (row: Pick<Row, 'kind' | 'what' | 'username'>): string =>
  JSON.stringify([row.kind, row.what, row.username]);

const isSame = (there: Row | undefined, row: Row): boolean =>
  there?.since === row.since && there.project === row.project && there.iid === row.iid;

const fromTable = (row: Row): HeldWork => ({
  workflowId: row.workflow_id,
  project: row.project,
  iid: row.iid,
  kind: KINDS.find((kind) => kind === row.kind) ?? 'claim',
  what: row.what,
  username: row.username,
  since: row.since,
});
