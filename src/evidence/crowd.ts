import type { Kysely } from 'kysely';
import type { Outcome } from '../domain/outcome';
import { utc } from './row';
import type { Tables } from './tables';

/** A person of a filed request, as it was read. */
export interface CrowdPerson {
  /** Their place in the list, from 1. */
  readonly place: number;
  /** HR's number; null for whom HR has not told of. */
  readonly employeeId: string | null;
  /** The address in lower case. */
  readonly email: string;
  /** Why they are left out, in words; null where they take part. */
  readonly problem: string | null;
}

/** What came of one task for one person. */
export interface GrantRow {
  readonly task: string;
  readonly employeeId: string;
  readonly outcome: Outcome;
  /** Digest of what was asked for: where that became something else, the outcome says nothing of it. */
  readonly access: string;
  /** By which call it came about. */
  readonly run: string;
  /** An instant, ISO 8601. */
  readonly at: string;
}

/** Somebody who must be looked at: left out of the request, or not served by daytwo. */
export interface CrowdException {
  readonly place: number;
  readonly email: string;
  readonly employeeId: string | null;
  /** The task concerned; null for who is left out of the request. */
  readonly task: string | null;
  /** Why, in words. */
  readonly why: string;
}

/** A row for those who look at the whole: a person, and how each task stands for them. */
export interface CrowdLine extends CrowdPerson {
  /** Status by task; absent where nothing was tried yet. */
  readonly statuses: Readonly<Record<string, string>>;
}

/** How many people have which status; by task. */
export type StatusCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

const BATCH = 500;
/** What a person must look at. */
const EXCEPTIONS = ['needs_person', 'refused'];

/** The people of requests that name many, and what became of each task for each of them. */
export class Crowd {
  readonly #db: Kysely<Tables>;
  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Writes the people of a version, all or none; those of a version that is there stay as they were read. */
  async putPeople(request: string, version: string, people: readonly CrowdPerson[]): Promise<void> {
    const rows = people.map(({ place, employeeId, email, problem }) => ({
      request,
      version,
      place,
      employee_id: employeeId,
      email_key: email.trim().toLowerCase(),
      problem,
    }));
    await this.#db.transaction().execute(async (trx) => {
      for (let at = 0; at < rows.length; at += BATCH)
        await trx
          .insertInto('request_person')
          .values(rows.slice(at, at + BATCH))
          .onConflict((conflict) => conflict.columns(['request', 'version', 'place']).doNothing())
          .execute();
    });
  }

  /** The next people after a place, in their order. */
  async people(
    request: string,
    version: string,
    {
      after = 0,
      limit = BATCH,
      takingPart = false,
    }: { after?: number; limit?: number; takingPart?: boolean } = {},
  ): Promise<CrowdPerson[]> {
    let query = this.#db
      .selectFrom('request_person')
      .selectAll()
      .where('request', '=', request)
      .where('version', '=', version)
      .where('place', '>', after);
    if (takingPart) query = query.where('problem', 'is', null).where('employee_id', 'is not', null);
    return (await query.orderBy('place').limit(limit).execute()).map(personOf);
  }

  /** All people of a version, in their order: for what must not overlook anybody. */
  async everybody(request: string, version: string): Promise<readonly CrowdPerson[]> {
    const all: CrowdPerson[] = [];
    for (;;) {
      const next = await this.people(request, version, { after: all.at(-1)?.place ?? 0 });
      if (next.length === 0) return all;
      all.push(...next);
    }
  }

  /** Requests (`project#iid`) that name somebody, whatever became of them. */
  async requestsNaming(employeeId: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('request_person')
      .select('request')
      .distinct()
      .where('employee_id', '=', employeeId)
      .orderBy('request')
      .execute();
    return rows.map(({ request }) => request);
  }

  /** How many people of a version take part. */
  async takingPart(request: string, version: string): Promise<number> {
    const found = await this.#db
      .selectFrom('request_person')
      .select((eb) => eb.fn.count<number>('employee_id').distinct().as('n'))
      .where('request', '=', request)
      .where('version', '=', version)
      .where('problem', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(found.n);
  }

  /** What came of these tasks for these people so far; of all people where none are named. */
  async grants(
    request: string,
    tasks: readonly string[],
    employeeIds?: readonly string[],
  ): Promise<GrantRow[]> {
    if (tasks.length === 0 || employeeIds?.length === 0) return [];
    let query = this.#db
      .selectFrom('request_grant')
      .selectAll()
      .where('request', '=', request)
      .where('task', 'in', [...tasks]);
    if (employeeIds) query = query.where('employee_id', 'in', [...employeeIds]);
    return (await query.execute()).flatMap(({ task, employee_id, at, detail }) => {
      const kept = readDetail(detail);
      return kept ? [{ task, employeeId: employee_id, at, ...kept }] : [];
    });
  }

  /** Employee ids of those for whom a task is settled: access is given, or gone. */
  async settled(request: string, task: string): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom('request_grant')
      .select('employee_id')
      .where('request', '=', request)
      .where('task', '=', task)
      .where('status', 'in', ['granted', 'already', 'revoked', 'not_applicable'])
      .execute();
    return new Set(rows.map((row) => row.employee_id));
  }

  /** Writes what came of tasks, all or none; what was written before is replaced. */
  async putGrants(request: string, grants: readonly GrantRow[]): Promise<void> {
    const rows = grants.map(({ task, employeeId, at, outcome, access, run }) => ({
      request,
      task,
      employee_id: employeeId,
      status: outcome.kind,
      detail: JSON.stringify({ outcome, access, run } satisfies Kept),
      at: utc(at),
    }));
    if (rows.length === 0) return;
    await this.#db.transaction().execute(async (trx) => {
      for (let at = 0; at < rows.length; at += BATCH)
        await trx
          .insertInto('request_grant')
          .values(rows.slice(at, at + BATCH))
          .onConflict((conflict) =>
            conflict.columns(['request', 'task', 'employee_id']).doUpdateSet((eb) => ({
              status: eb.ref('excluded.status'),
              detail: eb.ref('excluded.detail'),
              at: eb.ref('excluded.at'),
            })),
          )
          .execute();
    });
  }

  /** How many of those who take part have which status, by task. Who was not tried yet has none. */
  async counts(request: string, version: string, tasks: readonly string[]): Promise<StatusCounts> {
    const counts = new Map<string, Map<string, number>>(tasks.map((task) => [task, new Map()]));
    if (tasks.length === 0) return counts;
    const rows = await this.#db
      .selectFrom('request_grant')
      .select(['task', 'status'])
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('request', '=', request)
      .where('task', 'in', [...tasks])
      .where('employee_id', 'in', (eb) =>
        eb
          .selectFrom('request_person')
          .select('employee_id')
          .$narrowType<{ employee_id: string }>()
          .where('request', '=', request)
          .where('version', '=', version)
          .where('problem', 'is', null)
          .where('employee_id', 'is not', null),
      )
      .groupBy(['task', 'status'])
      .execute();
    for (const { task, status, n } of rows) counts.get(task)?.set(status, Number(n));
    return counts;
  }

  /** Who was left out, and whose task a person must look at; in the order of the list. */
  async exceptions(request: string, version: string, limit: number): Promise<CrowdException[]> {
    const leftOut = await this.#db
      .selectFrom('request_person')
      .selectAll()
      .where('request', '=', request)
      .where('version', '=', version)
      .where('problem', 'is not', null)
      .orderBy('place')
      .limit(limit)
      .execute();
    const stuck = await this.#db
      .selectFrom('request_person as p')
      .innerJoin('request_grant as g', (join) =>
        join.onRef('g.employee_id', '=', 'p.employee_id').onRef('g.request', '=', 'p.request'),
      )
      .select(['p.place', 'p.email_key', 'p.employee_id', 'g.task', 'g.detail'])
      .where('p.request', '=', request)
      .where('p.version', '=', version)
      .where('p.problem', 'is', null)
      .where('g.status', 'in', EXCEPTIONS)
      .orderBy('p.place')
      .orderBy('g.task')
      .limit(limit)
      .execute();
    const found = [
      ...leftOut.map((row) => ({ ...idsOf(row), task: null, why: row.problem ?? '' })),
      ...stuck.map((row) => ({
        ...idsOf(row),
        task: row.task,
        why: reasonOf(readDetail(row.detail)?.outcome),
      })),
    ];
    return found.sort((one, other) => one.place - other.place).slice(0, limit);
  }

  /** Everybody who was named, with how each task stands for them: for a CSV to fetch. */
  async rowsForCsv(request: string, version: string): Promise<CrowdLine[]> {
    const rows = await this.#db
      .selectFrom('request_person as p')
      .leftJoin('request_grant as g', (join) =>
        join
          .onRef('g.employee_id', '=', 'p.employee_id')
          .onRef('g.request', '=', 'p.request')
          .on('p.problem', 'is', null),
      )
      .select(['p.place', 'p.employee_id', 'p.email_key', 'p.problem', 'g.task', 'g.status'])
      .where('p.request', '=', request)
      .where('p.version', '=', version)
      .orderBy('p.place')
      .orderBy('g.task')
      .execute();
    const lines = new Map<number, CrowdPerson & { statuses: Record<string, string> }>();
    for (const row of rows) {
      const line = lines.get(row.place) ?? { ...personOf(row), statuses: {} };
      if (row.task !== null && row.status !== null) line.statuses[row.task] = row.status;
      lines.set(row.place, line);
    }
    return [...lines.values()];
  }
}

type Kept = Pick<GrantRow, 'outcome' | 'access' | 'run'>;

/** What `putGrants` wrote; null where somebody spoiled it: then it is as if nothing was tried. */
function readDetail(text: string): Kept | null {
  try {
    const value: unknown = JSON.parse(text);
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'access' in value &&
  'run' in value &&
  'outcome' in value &&
  typeof value.outcome === 'object' &&
  value.outcome !== null &&
  'kind' in value.outcome;

function reasonOf(outcome: Outcome | undefined): string {
  if (outcome?.kind === 'needs_person') return outcome.problem;
  return outcome?.kind === 'refused' ? outcome.reason : '';
}

interface PersonRow {
  readonly place: number;
  readonly employee_id: string | null;
  readonly email_key: string;
}

const idsOf = (row: PersonRow) => ({
  place: row.place,
  employeeId: row.employee_id,
  email: row.email_key,
});

const personOf = (row: PersonRow & { readonly problem: string | null }): CrowdPerson => ({
  ...idsOf(row),
  problem: row.problem,
});
