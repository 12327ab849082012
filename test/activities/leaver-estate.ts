import type { World } from '../../src/activities/world';
import { recordOf } from '../../src/activities/world';
import type { LeaverCase, LeaverItem } from '../../src/domain/leaving';
import { SystemFault } from '../../src/systems/fault';
import type { BookKeeper, BookMove } from '../../src/systems/leavers';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import { leaverCase } from '../domain/leaver';
import { accountExecutive } from '../support/desk';
import { addressOf, LeaverOrg } from '../systems/leaver-org';
import type { Ground } from './ground';

export const DANA = 'dana.whitfield@daytwo.example';
export const PETE = 'pete.alvarez@daytwo.example';

/** Leavers who are frozen and found, with what they own in the sandbox's org. */
export class Estates {
  readonly at: LeaverOrg;
  /** Every move that the org was asked for and made, in order. */
  readonly made: BookMove[] = [];
  constructor(private readonly ground: Ground) {
    this.at = new LeaverOrg(ground.systems);
  }

  /** Somebody whose time zero has come. */
  async leaver(id: string, book: object = {}, manager: string | null = DANA) {
    const name = `Leaver${id}`;
    const {
      event_id: _e,
      type: _t,
      employee_id: _i,
      ...facts
    } = accountExecutive(id, {
      email: addressOf(name),
      manager_email: manager,
      time_zone: 'America/New_York',
    });
    const userId = await this.at.user(name, { EmployeeNumber: id });
    await this.ground.systems.salesforce('POST', '/books', { username: addressOf(name), seed: 7, ...book });
    const { store } = this.ground;
    await store.putPerson(recordOf(id, facts, 'left', '2026-11-01T00:00:00Z'));
    const one = leaverCase(id, '2026-11-26', {
      // In New York it is the 26th still.
      timeZero: '2026-11-27T01:00:00.000Z',
      frozenAt: '2026-11-27T01:00:01.000Z',
    });
    await store.leavers.put(one);
    await store.leavers.putItems(one.leaving, [userItem(userId)]);
    return { one, userId };
  }

  /** The world, with the org's book keeper as `change` makes it. */
  world(change: (books: BookKeeper) => Partial<BookKeeper> = () => ({})): World {
    const { world } = this.ground;
    return {
      ...world,
      connector: (connection) => {
        const real = world.connector(connection);
        const { books } = real;
        if (!books) return real;
        const noted: BookKeeper = {
          ...books,
          move: async (moves) => {
            const refused = await books.move(moves);
            this.made.push(...moves.filter(({ id }) => !refused.has(id)));
            return refused;
          },
        };
        return { ...real, leavers: real.leavers, books: { ...noted, ...change(noted) } } as typeof real;
      },
    };
  }

  /** As if the process died at its n-th call that is asked of the books; `half`: within a call of many moves. */
  dying(atCall: number, half: boolean): { readonly world: World; readonly calls: () => number } {
    let calls = 0;
    const dies = (): boolean => ++calls === atCall;
    const world = this.world((books) => ({
      ownersOf: async (object, ids) => {
        if (dies()) throw dead();
        return books.ownersOf(object, ids);
      },
      move: async (moves) => {
        if (!dies()) return books.move(moves);
        await books.move(half ? moves.slice(0, Math.ceil(moves.length / 2)) : moves);
        throw dead();
      },
    }));
    return { world, calls: () => calls };
  }

  async rows(object: string, fields: string, where: string) {
    return this.at.org.query(`SELECT Id, ${fields} FROM ${object} WHERE ${where}`);
  }

  async owned(object: string, ownerId: string, more = ''): Promise<number> {
    return (await this.rows(object, 'OwnerId', `OwnerId = ${literal(ownerId)}${more}`)).length;
  }

  async userOf(email: string): Promise<string> {
    return textOf((await this.rows('User', 'Email', `Email = ${literal(email)}`))[0], 'Id');
  }

  async isActive(userId: string): Promise<boolean> {
    const [user] = await this.rows('User', 'IsActive', `Id = ${literal(userId)}`);
    return user?.['IsActive'] === true;
  }

  async item({ leaving }: LeaverCase, id: string): Promise<LeaverItem | undefined> {
    return (await this.ground.store.leavers.items(leaving)).find((item) => item.id === id);
  }
}

const dead = (): SystemFault => new SystemFault('salesforce', 'no-answer', true, 'the process died');

const userItem = (accountId: string): LeaverItem => ({
  id: 'salesforce',
  kind: 'system',
  system: 'salesforce',
  text: '',
  status: 'open',
  found: [
    {
      connection: 'salesforce',
      accountId,
      state: 'frozen',
      by: 'employee_number',
      shows: [],
      lastSignInAt: null,
      asked: true,
    },
  ],
  how: null,
  by: null,
  at: null,
  dueAt: '2026-11-28T01:00:00.000Z',
  reminded: 0,
  problem: null,
});
