import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerritoryFields } from '../domain/territory/fields';
import type { NightRead } from '../domain/territory/read';
import type { PlanWorld } from '../domain/territory/plan-family';
import { byRun, isRunId } from '../domain/territory/run';
import { flowsOfNights, flowsOfPlan, placedOf } from './territory-compare';
import { TerritoryNight } from './territory-night';
import {
  keepDifferences,
  keepRecord,
  planNight,
  readableRules,
  takeAccounts,
  type NightRecord,
} from './territory-plan';
import { READ_FILE, type NightRows } from './territory-read';
import { TerritorySession } from './territory-session';

const PREFIX = 'territory-';
/** Accounts that were read, and what they are planned by. */
export interface NightInput {
  readonly night: string;
  readonly rows: NightRows;
  readonly fields: TerritoryFields;
  readonly world: PlanWorld;
  readonly plannedAt: string;
  /** How it was read, where the next night may go on from it; absent or null: the read isn't kept. */
  readonly read?: NightRead | null;
}

/** A read that is kept. */
export interface KeptRead {
  readonly night: string;
  readonly read: NightRead;
  readonly file: string;
}

/** Nights of territory planning as they are kept: a folder each, of Parquet and what explains it. */
export class TerritoryNights {
  constructor(private readonly dir: string) {}

  /** Those that are kept, the oldest first. */
  async nights(): Promise<readonly string[]> {
    if (!existsSync(this.dir)) return [];
    const names = await readdir(this.dir);
    return names
      .flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
      .filter(isRunId)
      .sort(byRun);
  }

  /** The last one, or the last that was made on this day or before; undefined: none is kept. */
  async latest(on?: string): Promise<string | undefined> {
    return (await this.nights()).findLast((night) => on === undefined || night.slice(0, 10) <= on);
  }

  /** Plans what was read, and keeps both. Made again, it takes the place of what an earlier try made. */
  async make({ night, rows, fields, world, plannedAt, read = null }: NightInput): Promise<void> {
    const known = { ...world, rules: readableRules(world.rules, fields) };
    await this.#inPlace(night, async (session, dir) => {
      await takeAccounts(session, rows, fields, known.rules, world.countries, dir, read !== null);
      await planNight(session, known, dir);
      await keepDifferences(session, known, dir);
      await keepRecord(session, dir, known, plannedAt, read);
    });
    if (read === null) return;
    for (const other of await this.nights())
      if (other !== night) await rm(join(this.#folder(other), READ_FILE), { force: true });
  }

  /** The last read that is kept; undefined: none, or what is said of it can't be read. */
  async lastRead(): Promise<KeptRead | undefined> {
    const night = (await this.nights()).findLast((one) => existsSync(join(this.#folder(one), READ_FILE)));
    if (night === undefined) return undefined;
    const folder = this.#folder(night);
    try {
      const { read } = JSON.parse(await readFile(join(folder, 'night.json'), 'utf8')) as NightRecord;
      return read && { night, read, file: join(folder, READ_FILE) };
    } catch {
      return undefined;
    }
  }

  open(night: string): Promise<TerritoryNight> {
    return TerritoryNight.open(this.#folder(night), night);
  }

  /** Its accounts by the place of their families, and the rows by which it was planned. */
  placed(night: string, named: readonly string[]): ReturnType<typeof placedOf> {
    return placedOf(this.#folder(night), named);
  }

  /** What became of accounts from one night to another. */
  flows(before: string, after: string): ReturnType<typeof flowsOfNights> {
    return flowsOfNights(this.#folder(before), this.#folder(after));
  }

  /** What its plan makes of what stood in staging. */
  planned(night: string): ReturnType<typeof flowsOfPlan> {
    return flowsOfPlan(this.#folder(night));
  }

  has(night: string): boolean {
    return isRunId(night) && existsSync(join(this.#folder(night), 'night.json'));
  }

  /** Keeps the last so many. @returns those that are gone */
  async retire(keep: number): Promise<readonly string[]> {
    const gone = (await this.nights()).slice(0, -keep);
    for (const night of gone) await rm(this.#folder(night), { recursive: true, force: true });
    return gone;
  }

  #folder(night: string): string {
    if (!isRunId(night)) throw new RangeError('not a night (YYYY-MM-DD)');
    return join(this.dir, `${PREFIX}${night}`);
  }

  async #inPlace(
    night: string,
    make: (session: TerritorySession, dir: string) => Promise<void>,
  ): Promise<void> {
    const folder = this.#folder(night);
    const partial = join(this.dir, `.${PREFIX}${night}`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const session = await TerritorySession.open(this.dir);
    try {
      await make(session, partial);
    } finally {
      await session.close();
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  }
}
