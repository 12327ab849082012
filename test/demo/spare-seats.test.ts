import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../src/demo/accounts';
import { SpareSeats } from '../../src/demo/spare-seats';
import type { Surroundings } from '../../src/demo/surroundings';
import { Systems } from '../systems/fixture';

let systems: Systems;
const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-spare-'));
beforeAll(async () => {
  systems = await Systems.start();
});
afterAll(async () => {
  await systems.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('spare licences go, also over a death in the middle come back, and who waits is told', async () => {
  const woken: string[] = [];
  const accounts = new Accounts(systems.files);
  const seats = (): SpareSeats =>
    new SpareSeats({ sandbox: systems.files, settings: { stateDir } } as unknown as Surroundings, accounts, {
      seatFreed: (pool) => Promise.resolve(void woken.push(pool)),
    });
  const total = async (): Promise<unknown> => {
    const [row] = await accounts.rows("SELECT TotalLicenses FROM UserLicense WHERE Name = 'Salesforce'");
    return row && Reflect.get(row, 'TotalLicenses');
  };
  const before = await total();
  await seats().putBack();
  expect(woken).toEqual([]);
  const used = await seats().takeAway();
  expect(used).toBeLessThan(Number(before));
  expect(await total()).toBe(used);
  // Another run begins before anything was put back: what was there at first counts.
  await seats().takeAway();
  await seats().putBack();
  expect(await total()).toBe(before);
  expect(woken).toEqual(['salesforce/Salesforce']);
  expect(readdirSync(stateDir)).toEqual([]);
});
