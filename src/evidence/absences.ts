import type { Kysely } from 'kysely';
import type { Absence, AbsenceSource } from '../domain/absence';
import { utc } from './row';
import type { Tables } from './tables';

/** What the requests of somebody were told last: whether they are away. */
export interface Telling {
  readonly away: boolean;
  /** The workflow id up to which they were told, in the order of ids; null: all were. */
  readonly upto: string | null;
}

/** Nobody is away until it is said. */
export const NOTHING_TOLD: Telling = { away: false, upto: null };

const BATCH = 500;

/** Times away as GitLab and calendars said them last, and who was told of them. */
export class AbsenceStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Makes these all that a source knows of a person. A source that can't be read isn't put: what it said last stands. */
  async put(
    username: string,
    source: AbsenceSource,
    absences: readonly Absence[],
    seenAt: string,
  ): Promise<void> {
    const seen_at = utc(seenAt);
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('absence').where('username', '=', username).where('source', '=', source).execute();
      const rows = absences.map(({ from, until, note }) => ({
        username,
        source,
        from_at: utc(from),
        until_at: until === null ? null : utc(until),
        note,
        seen_at,
      }));
      if (rows.length > 0) await trx.insertInto('absence').values(rows).execute();
      await trx
        .insertInto('absence_seen')
        .values({ username, source, seen_at })
        .onConflict((conflict) => conflict.columns(['source', 'username']).doUpdateSet({ seen_at }))
        .execute();
    });
  }

  /** Notes that a source was read and had nothing new to say. */
  async seen(usernames: readonly string[], source: AbsenceSource, seenAt: string): Promise<void> {
    const seen_at = utc(seenAt);
    const rows = usernames.map((username) => ({ username, source, seen_at }));
    for (let at = 0; at < rows.length; at += BATCH)
      await this.#db
        .insertInto('absence_seen')
        .values(rows.slice(at, at + BATCH))
        .onConflict((conflict) => conflict.columns(['source', 'username']).doUpdateSet({ seen_at }))
        .execute();
  }

  /** What is known of these people from sources other than people.yml, without what has ended by `instant`. */
  async of(usernames: readonly string[], instant: string): Promise<ReadonlyMap<string, readonly Absence[]>> {
    const found = new Map<string, Absence[]>();
    for (let at = 0; at < usernames.length; at += BATCH) {
      const rows = await this.#db
        .selectFrom('absence')
        .selectAll()
        .where('username', 'in', usernames.slice(at, at + BATCH))
        .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', utc(instant))]))
        .orderBy('from_at')
        .execute();
      for (const row of rows) {
        const absence = { from: row.from_at, until: row.until_at, source: sourceOf(row), note: row.note };
        found.set(row.username, [...(found.get(row.username) ?? []), absence]);
      }
    }
    return found;
  }

  /** When a source was last read for each person; who is missing was never looked up there. */
  async seenAt(source: AbsenceSource): Promise<ReadonlyMap<string, string>> {
    const query = this.#db.selectFrom('absence_seen').selectAll().where('source', '=', source);
    return new Map((await query.execute()).map((row) => [row.username, row.seen_at]));
  }

  /** How far each of these people's requests have been told. */
  async told(): Promise<ReadonlyMap<string, Telling>> {
    const rows = await this.#db.selectFrom('absence_told').selectAll().execute();
    return new Map(rows.map((row) => [row.username, { away: row.away === 1, upto: row.upto }]));
  }

  async setTold(username: string, telling: Telling): Promise<void> {
    const changed = { away: Number(telling.away), upto: telling.upto };
    await this.#db
      .insertInto('absence_told')
      .values({ username, ...changed })
      .onConflict((conflict) => conflict.column('username').doUpdateSet(changed))
      .execute();
  }

  /** Who holds no work any longer is told of anew when they do. */
  async forgetTold(usernames: readonly string[]): Promise<void> {
    for (let at = 0; at < usernames.length; at += BATCH)
      await this.#db
        .deleteFrom('absence_told')
        .where('username', 'in', usernames.slice(at, at + BATCH))
        .execute();
  }
}

const sourceOf = (row: { source: string }): AbsenceSource =>
  row.source === 'calendar' || row.source === 'left' ? row.source : 'gitlab';
