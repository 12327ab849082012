import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TerritoryFields } from '../domain/territory/fields';
import type { PlanWorld } from '../domain/territory/plan-family';
import { byRun, isRunId } from '../domain/territory/run';
import { flowsOfNights, placedOf } from './territory-compare';
import { TerritoryNight } from './territory-night';
import { keepDifferences, keepRecord, planNight, readableRules, takeAccounts } from './territory-plan';
import { TerritorySession } from './territory-session';

const PREFIX = 'territory-';
/** Accounts that were read, as CSV files with a header each: columns of `readColumns`, in their order. */
export interface NightInput {
  readonly night: string;
  readonly files: readonly string[];
  readonly fields: TerritoryFields;
  readonly world: PlanWorld;
  readonly plannedAt: string;
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
  async make({ night, files, fields, world, plannedAt }: NightInput): Promise<void> {
    const known = { ...world, rules: readableRules(world.rules, fields) };
    await this.#inPlace(night, async (session, dir) => {
      await takeAccounts(session, files, fields, known.rules, world.countries, dir);
      await planNight(session, known, dir);
      await keepDifferences(session, known, dir);
      await keepRecord(dir, known, plannedAt);
    });
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
