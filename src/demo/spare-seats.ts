import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { soql } from '../domain/escape';
import { poolOf } from '../domain/seat-queue';
import type { Workflows } from '../temporal/client';
import type { Accounts } from './accounts';
import type { Surroundings } from './surroundings';

const POOL = poolOf({ kind: 'salesforce-user' });

/** The sandbox's Salesforce licences: for a story, those that nobody uses are taken away, and put back after it. */
export class SpareSeats {
  readonly #file: string;
  constructor(
    private readonly around: Surroundings,
    private readonly accounts: Accounts,
    private readonly workflows: Pick<Workflows, 'seatFreed'>,
  ) {
    // A run that is killed in the middle leaves it behind, and the next one puts back what it took.
    this.#file = join(around.settings.stateDir, 'sandbox.seats.json');
  }

  /** @returns how many there are now, all of them in use */
  async takeAway(): Promise<number> {
    const [row] = await this.accounts.rows(
      `SELECT TotalLicenses, UsedLicenses FROM UserLicense WHERE Name = ${soql(POOL?.licence ?? '')}`,
    );
    const [total, used] = ['TotalLicenses', 'UsedLicenses'].map((field) =>
      Number(row && Reflect.get(row, field)),
    );
    if (total === undefined || used === undefined || !Number.isInteger(total) || !Number.isInteger(used))
      throw new Error('the sandbox tells no number of Salesforce licences');
    if (!existsSync(this.#file)) writeFileSync(this.#file, JSON.stringify({ total }));
    await this.#set(used);
    return used;
  }

  /** As many as before; who waits for one meanwhile is served. Nothing where none were taken. */
  async putBack(): Promise<void> {
    if (!existsSync(this.#file)) return;
    const { total } = JSON.parse(readFileSync(this.#file, 'utf8')) as { total: number };
    await this.#set(total);
    if (POOL) await this.workflows.seatFreed(POOL.key);
    rmSync(this.#file);
  }

  async #set(total: number): Promise<void> {
    const answer = await fetch(`${this.around.sandbox.salesforce.loginUrl}/__sandbox/licences`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: POOL?.licence, total }),
    });
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to a number of licences`);
  }
}
