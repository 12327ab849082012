import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { grantThroughGate, admit, type SeatBatch } from '../../src/activities/seat-gate';
import { seatActivities, type PoolLook } from '../../src/activities/seats';
import type { World } from '../../src/activities/world';
import type { Handbook } from '../../src/domain/handbook';
import { isOffered, type SeatReason } from '../../src/domain/seat-queue';
import { openStore, type Store } from '../../src/evidence';
import type { AccessOutcome, Connector, GrantItem } from '../../src/systems/connector';
import { sampleHandbook } from '../handbook/sample';
import { item, person } from '../systems/fixture';

export const POOL = 'salesforce/Inbox';
const WAY = { kind: 'salesforce-psl', permissionSetLicense: 'Inbox', permissionSet: null } as const;
const sample = sampleHandbook();
/** Without warnings, which have a test of their own. */
const handbook: Handbook = {
  ...sample,
  policies: sample.policies.map((policy) => ({ ...policy, seats: { ...policy.seats, lowAt: -1 } })),
};

/** A system with so many seats, and the real gate and queue before it; people's requests are one each. */
export class PlayedSeats {
  total = 1;
  readonly holders = new Set<string>();
  readonly refused: string[] = [];
  readonly offered = new Set<string>();
  readonly ended = new Set<string>();
  counts = 0;
  freed = 0;
  answer: (who: string) => AccessOutcome | null = () => null;

  private constructor(
    readonly store: Store,
    private readonly dir: string,
  ) {}

  static async open(): Promise<PlayedSeats> {
    const dir = mkdtempSync(join(tmpdir(), 'daytwo-pool-'));
    return new PlayedSeats(await openStore({ stateDir: dir, databaseUrl: null }), dir);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  readonly connector: Connector = {
    find: () => Promise.resolve([]),
    revoke: () => Promise.resolve(new Map()),
    grant: async (items) => {
      await new Promise(setImmediate);
      return new Map(items.map(({ id, person: { employeeId } }) => [id, this.#give(employeeId)]));
    },
    seats: {
      users: () => Promise.resolve([]),
      deactivate: () => Promise.resolve([]),
      count: async () => {
        this.counts += 1;
        const count = { total: this.total, used: this.holders.size };
        await new Promise(setImmediate);
        return new Map([['Inbox', count]]);
      },
      holders: (items) =>
        Promise.resolve(
          new Set(
            items.filter(({ person: { employeeId } }) => this.holders.has(employeeId)).map(({ id }) => id),
          ),
        ),
    },
  };

  #give(who: string): AccessOutcome {
    const other = this.answer(who);
    if (other) return other;
    if (this.holders.has(who)) return { kind: 'already', verified: true };
    if (this.holders.size >= this.total) {
      this.refused.push(who);
      return { kind: 'waiting_for_seat', licence: 'Inbox' };
    }
    this.holders.add(who);
    return { kind: 'granted', verified: true };
  }

  get world(): World {
    const hints: Partial<World['hints']> = {
      seatOffered: (workflowId) => {
        const who = workflowId.replace('request/', '');
        if (!this.ended.has(who)) this.offered.add(who);
        return Promise.resolve(!this.ended.has(who));
      },
      seatFreed: () => {
        this.freed += 1;
        return Promise.resolve();
      },
      seatWanted: () => Promise.resolve(),
    };
    return {
      handbook: () => handbook,
      store: this.store,
      connector: () => this.connector,
      hints,
      mailer: null,
    } as unknown as World; // the gate asks for nothing else
  }

  /** One request of one person, or of a crowd. */
  async ask(who: string | readonly string[], reason: SeatReason = 'filed', startDate: string | null = null) {
    const { batch, items } = this.#batch(who, reason, startDate);
    const outcomes = await grantThroughGate(this.world, this.connector, batch, items, () =>
      Promise.resolve(),
    );
    return items.map(({ id }) => outcomes.get(id)?.kind);
  }

  /** The worker dies before it tried to grant. */
  async dies(who: string): Promise<void> {
    const { batch, items } = this.#batch(who, 'filed', null);
    await admit(this.world, this.connector, batch, items);
  }

  look(): Promise<PoolLook> {
    const { offerSeats } = seatActivities(this.world);
    return new MockActivityEnvironment().run(offerSeats, { pool: POOL }) as Promise<PoolLook>;
  }

  /** Looks, and lets those ask whom a seat was offered, until nothing more happens. */
  async settle(): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      await this.look();
      const asking = [...this.offered].filter((who) => !this.ended.has(who));
      this.offered.clear();
      if (asking.length === 0) return;
      await Promise.all(asking.map((who) => this.ask(who)));
    }
    throw new Error('the pool never comes to rest');
  }

  async promised(): Promise<number> {
    const now = new Date().toISOString();
    const offers = (await this.store.seats.wants(POOL)).filter((want) => isOffered(want, now)).length;
    const batches = await this.store.seats.inTurn(POOL, async (queue) =>
      queue.promised(Number.MAX_SAFE_INTEGER, now),
    );
    return offers + batches;
  }

  waiting = async (): Promise<readonly string[]> => {
    const now = new Date().toISOString();
    const wants = await this.store.seats.wants(POOL);
    return wants.filter((want) => !isOffered(want, now)).map(({ employeeId }) => employeeId);
  };

  #batch(who: string | readonly string[], reason: SeatReason, startDate: string | null) {
    const people = typeof who === 'string' ? [who] : who;
    const name = typeof who === 'string' ? who : 'crowd';
    const items: GrantItem[] = people.map((employeeId) =>
      item(`inbox/${employeeId}`, { way: WAY, system: 'salesforce-inbox' }, person({ employeeId })),
    );
    const batch: SeatBatch = {
      request: 'acme/access-requests#7',
      workflowId: `request/${name}`,
      activityId: '1',
      reason,
      taskOf: () => 'inbox',
      startDateOf: () => startDate,
    };
    return { batch, items };
  }
}
