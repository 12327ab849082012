import type { Kysely } from 'kysely';
import type { ImportOutcome } from '../domain/workforce';
import * as chain from './chain';
import { AccountReviews } from './account-reviews';
import { Crowd } from './crowd';
import type { Dialect } from './migrations';
import { rememberFormer } from './former-emails';
import { CloseTrend } from './close-trend';
import { Closes } from './closes';
import { PeriodChanges } from './period-changes';
import { TerritoryRuns } from './territory-runs';
import { Leavers } from './leavers';
import { emailKey, fromPeople, toPeople, type PersonRecord } from './person';
import { Rate } from './rate';
import type { ChainedRow, EvidenceRow } from './row';
import { utc } from './row';
import { Seats } from './seats';
import type { EvidenceTable, Tables } from './tables';
import { WorkStore } from './work';
import { importPeople } from './workforce';

export type { PersonRecord } from './person';

/** Which rows a story is of: all that are given must fit. */
export interface StoryFilter {
  readonly employeeId?: string;
  /** `project#iid` */
  readonly request?: string;
  readonly email?: string;
}

export interface IssueState {
  readonly iid: number;
  /** As GitLab says it. */
  readonly updatedAt: string;
}

const BATCH = 500;

/** The evidence, and what else must outlive a process without standing in a workflow's history. */
export class Store {
  /** The people of requests that name many. */
  readonly crowd: Crowd;
  /** Who may send how much to which system, over all workers. */
  readonly rate: Rate;
  readonly #db: Kysely<Tables>;
  /** What waits on whom, what is due when, and who is away. */
  readonly work: WorkStore;
  /** Who waits for licence seats. */
  readonly seats: Seats;
  /** Where each close stands, and what is asked to be changed of a locked period. */
  readonly closes: Closes;
  readonly changes: PeriodChanges;
  readonly territoryRuns: TerritoryRuns;
  /** Reviews of accounts that people asked for. */
  readonly reviews: AccountReviews;
  /** How it went from day to day. */
  readonly trend: CloseTrend;
  /** Who leaves, and what became of what they had. */
  readonly leavers: Leavers;

  constructor(
    db: Kysely<Tables>,
    readonly dialect: Dialect,
  ) {
    this.#db = db;
    this.work = new WorkStore(db);
    this.seats = new Seats(db);
    this.crowd = new Crowd(db);
    this.rate = new Rate(db);
    this.closes = new Closes(db);
    this.changes = new PeriodChanges(db);
    this.territoryRuns = new TerritoryRuns(db);
    this.reviews = new AccountReviews(db);
    this.trend = new CloseTrend(db);
    this.leavers = new Leavers(db);
  }

  /**
   * Adds records in their order, all or none. One that is there already stays as it is.
   * @throws EvidenceConflictError if it says something else than the one that is there
   */
  append(rows: readonly EvidenceRow[]): Promise<{ added: number }> {
    return chain.append(this.#db, this.dialect, rows);
  }

  /** Whether every row stands as it was written; `anchor` is what `anchor()` said at some earlier time. */
  verify(anchor?: chain.Anchor): Promise<chain.Verdict> {
    return chain.verify(this.#db, anchor);
  }

  /** The chain's end, to be kept somewhere else. */
  anchor(): Promise<chain.Anchor> {
    return chain.anchorOf(this.#db);
  }

  /** The rows of one person or request, oldest first. An empty filter gives nothing: nobody asks for everybody's story. */
  async story(filter: StoryFilter): Promise<ChainedRow[]> {
    const { employeeId, request, email } = filter;
    if (employeeId === undefined && request === undefined && email === undefined) return [];
    let query = this.#db.selectFrom('evidence').selectAll().orderBy('seq');
    if (employeeId !== undefined) query = query.where('subject', '=', employeeId);
    if (request !== undefined) query = query.where('request', '=', request);
    if (email !== undefined)
      query = query.where('subject', 'in', (eb) =>
        eb.selectFrom('people').select('employee_id').where('email_key', '=', emailKey(email)),
      );
    return (await query.execute()).map(chain.fromTable);
  }

  /** All rows in order, page by page. */
  async rowsAfter(seq: number, limit = 1000): Promise<ChainedRow[]> {
    return (await this.storedAfter(seq, limit)).map(chain.fromTable);
  }

  /** The same as the database holds them, from which the chain can be computed again: for exports. */
  storedAfter(seq: number, limit = 1000): Promise<EvidenceTable[]> {
    return this.#db
      .selectFrom('evidence')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute();
  }

  /** The last row of a kind, if there is one. */
  async lastOf(kind: string): Promise<ChainedRow | undefined> {
    const row = await this.#db
      .selectFrom('evidence')
      .selectAll()
      .where('kind', '=', kind)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && chain.fromTable(row);
  }

  async evidenceRows(): Promise<number> {
    return (await this.anchor()).rows;
  }

  /**
   * Writes what is known of a person; an older `updatedAt` than the stored one changes nothing. The address before stays known as
   * one that was theirs.
   */
  async putPerson(person: PersonRecord): Promise<void> {
    const row = toPeople(person);
    const { employee_id: _, ...changed } = row;
    await this.#db.transaction().execute(async (trx) => {
      await rememberFormer(trx, [row]);
      await trx
        .insertInto('people')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .column('employee_id')
            .doUpdateSet(changed)
            .where('people.updated_at', '<=', row.updated_at),
        )
        .execute();
    });
  }

  /**
   * Takes people of a list of the workforce in, in transactions of 500, each all or none.
   * @param told of how many it is done with
   * @returns what became of each, in their order
   */
  importPeople(
    people: readonly PersonRecord[],
    told: (done: number) => void = () => undefined,
  ): Promise<readonly ImportOutcome[]> {
    return importPeople(this.#db, this.dialect, people, told);
  }

  async personById(employeeId: string): Promise<PersonRecord | null> {
    const query = this.#db.selectFrom('people').selectAll().where('employee_id', '=', employeeId);
    const row = await query.executeTakeFirst();
    return row ? fromPeople(row) : null;
  }

  /** Those of the people that the store knows, by employee id. */
  async peopleById(employeeIds: readonly string[]): Promise<ReadonlyMap<string, PersonRecord>> {
    const people = new Map<string, PersonRecord>();
    for (let at = 0; at < employeeIds.length; at += BATCH) {
      const ids = employeeIds.slice(at, at + BATCH);
      const query = this.#db.selectFrom('people').selectAll().where('employee_id', 'in', ids);
      for (const row of await query.execute()) people.set(row.employee_id, fromPeople(row));
    }
    return people;
  }

  /** The active people of a region. */
  async activePeople(region: string): Promise<PersonRecord[]> {
    const query = this.#db.selectFrom('people').selectAll().where('status', '=', 'active');
    return (await query.where('region', '=', region).orderBy('employee_id').execute()).map(fromPeople);
  }

  /** Which of these records are there. */
  async recorded(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let at = 0; at < ids.length; at += BATCH) {
      const query = this.#db.selectFrom('evidence').select('id');
      for (const row of await query.where('id', 'in', ids.slice(at, at + BATCH)).execute()) found.add(row.id);
    }
    return found;
  }

  /** The person with this address in any spelling of its letters; of several, the one who was changed last. */
  async personByEmail(email: string): Promise<PersonRecord | null> {
    const query = this.#db.selectFrom('people').selectAll().where('email_key', '=', emailKey(email));
    const row = await query.orderBy('updated_at', 'desc').orderBy('employee_id').executeTakeFirst();
    return row ? fromPeople(row) : null;
  }

  /** Everybody with this address: addresses are given anew, so there may be several. */
  async peopleWithEmail(email: string): Promise<readonly PersonRecord[]> {
    const query = this.#db.selectFrom('people').selectAll().where('email_key', '=', emailKey(email));
    return (await query.orderBy('employee_id').execute()).map(fromPeople);
  }

  /** The people with these addresses, by address in lower case; of several with one, the one who was changed last. */
  async peopleByEmail(emails: readonly string[]): Promise<ReadonlyMap<string, PersonRecord>> {
    const keys = [...new Set(emails.map(emailKey))];
    const found = new Map<string, PersonRecord>();
    for (let at = 0; at < keys.length; at += BATCH) {
      const query = this.#db
        .selectFrom('people')
        .selectAll()
        .where('email_key', 'in', keys.slice(at, at + BATCH));
      const rows = await query.orderBy('updated_at').orderBy('employee_id', 'desc').execute();
      for (const row of rows) found.set(row.email_key, fromPeople(row));
    }
    return found;
  }

  /** Everybody with one of these addresses, by address in lower case. */
  async everybodyWith(emails: readonly string[]): Promise<ReadonlyMap<string, readonly PersonRecord[]>> {
    const keys = [...new Set(emails.map(emailKey))];
    const found = new Map<string, PersonRecord[]>();
    for (let at = 0; at < keys.length; at += BATCH) {
      const query = this.#db.selectFrom('people').selectAll();
      const some = query.where('email_key', 'in', keys.slice(at, at + BATCH));
      for (const row of await some.orderBy('employee_id').execute())
        found.set(row.email_key, [...(found.get(row.email_key) ?? []), fromPeople(row)]);
    }
    return found;
  }

  /** Notes that a person waits for something, such as `template`; the first note's time stays. */
  async startWaiting(employeeId: string, what: string, since: string): Promise<void> {
    await this.#db
      .insertInto('waiting')
      .values({ employee_id: employeeId, what, since: utc(since) })
      .onConflict((conflict) => conflict.columns(['what', 'employee_id']).doNothing())
      .execute();
  }

  async stopWaiting(employeeId: string, what: string): Promise<void> {
    await this.#db
      .deleteFrom('waiting')
      .where('employee_id', '=', employeeId)
      .where('what', '=', what)
      .execute();
  }

  /** Who waits for it, longest first. */
  async peopleWaiting(what: string): Promise<{ employeeId: string; since: string }[]> {
    const query = this.#db.selectFrom('waiting').selectAll().where('what', '=', what);
    const rows = await query.orderBy('since').orderBy('employee_id').execute();
    return rows.map((row) => ({ employeeId: row.employee_id, since: row.since }));
  }

  async seenIssue(project: string, iid: number, updatedAt: string): Promise<void> {
    await this.seenIssues(project, [{ iid, updatedAt }]);
  }

  /** Remembers how new each issue was when it was looked at. */
  async seenIssues(project: string, issues: readonly IssueState[]): Promise<void> {
    const newest = new Map<number, string>();
    for (const { iid, updatedAt } of issues) {
      const at = utc(updatedAt);
      if (at > (newest.get(iid) ?? '')) newest.set(iid, at);
    }
    const rows = [...newest].map(([iid, updated_at]) => ({ project, iid, updated_at }));
    for (let at = 0; at < rows.length; at += BATCH)
      await this.#db
        .insertInto('seen_issue')
        .values(rows.slice(at, at + BATCH))
        .onConflict((conflict) =>
          conflict
            .columns(['project', 'iid'])
            .doUpdateSet((eb) => ({ updated_at: eb.ref('excluded.updated_at') }))
            .whereRef('seen_issue.updated_at', '<', 'excluded.updated_at'),
        )
        .execute();
  }

  async wasSeen(project: string, iid: number, updatedAt: string): Promise<boolean> {
    return (await this.notSeen(project, [{ iid, updatedAt }])).length === 0;
  }

  /** Those of the issues that are newer than when they were last looked at, or were never looked at. */
  async notSeen(project: string, issues: readonly IssueState[]): Promise<IssueState[]> {
    const seen = new Map<number, string>();
    for (let at = 0; at < issues.length; at += BATCH) {
      const iids = issues.slice(at, at + BATCH).map((issue) => issue.iid);
      const query = this.#db
        .selectFrom('seen_issue')
        .selectAll()
        .where('project', '=', project)
        .where('iid', 'in', iids);
      for (const row of await query.execute()) seen.set(row.iid, row.updated_at);
    }
    return issues.filter((issue) => utc(issue.updatedAt) > (seen.get(issue.iid) ?? ''));
  }

  /** The digest of an HR event that Temporal has acknowledged, or null. */
  async hrEventDigest(eventId: string): Promise<string | null> {
    const query = this.#db.selectFrom('hr_event').select('digest').where('event_id', '=', eventId);
    return (await query.executeTakeFirst())?.digest ?? null;
  }

  /** Remembers an HR event once Temporal has acknowledged it. */
  async rememberHrEvent(eventId: string, digest: string, receivedAt: string): Promise<void> {
    await this.#db
      .insertInto('hr_event')
      .values({ event_id: eventId, digest, received_at: utc(receivedAt) })
      .onConflict((conflict) => conflict.column('event_id').doNothing())
      .execute();
  }

  /** Whether the database answers. */
  async reachable(): Promise<boolean> {
    try {
      await this.#db.selectFrom('evidence_head').select('id').execute();
      return true;
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}
