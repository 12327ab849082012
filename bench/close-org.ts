import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { policyOn } from '../src/domain/day-two';
import { periodOf } from '../src/domain/close/period';
import { readHandbook } from '../src/handbook';
import { putForward } from '../src/sandbox/clock';
import { mountSalesforce, salesforceCredentials } from '../src/sandbox/salesforce';
import { makeBookings } from '../src/sandbox/salesforce/bookings';
import { storeBookings } from '../src/sandbox/salesforce/bookings/store';
import { Org } from '../src/sandbox/salesforce/org';
import { World } from '../src/sandbox/world';

/** One in so many bookings is spoilt. */
const SPOILT_ONE_IN = 40;
const OF_A_SEED = 20_000;
const DAY_MS = 86_400_000;

function* ofYearsBefore(count: number) {
  for (let at = 0; at < count; at++)
    yield {
      id: `006zz${String(at).padStart(10, '0')}AAA`,
      values: {
        Name: 'of years before',
        StageName: 'Closed Won',
        IsClosed: true,
        CloseDate: `20${String(20 + (at % 20))}-01-15`,
        Amount: at,
      },
    };
}

/**
 * An org in a process of its own: the bookings of a period, and opportunities of years before. They were stored the day before, so that what
 * changes from now on is all that changed. Tells its parent where it listens.
 */
export function serveOrg([key, cutOff, today]: readonly [string, string, string], sizes: string): void {
  const [count = 0, others = 0] = sizes.split('/').map(Number);
  const world = World.unkept();
  putForward(world, new Date(`${today}T08:00:00Z`));
  const handbook = readHandbook(join(__dirname, '..', 'config'));
  const app = mountSalesforce(world, handbook);
  const org = new Org(world);
  const period = periodOf(key, cutOff);
  const policy = policyOn(handbook, period.lastDay).close.booking;
  // A seed at a time, so that never more than a part of them is there twice.
  for (let seed = 1, left = count; left > 0; seed++, left -= OF_A_SEED)
    storeBookings(
      org,
      makeBookings({ period, today, policy }, Math.min(left, OF_A_SEED), seed, SPOILT_ONE_IN).bookings,
    );
  org.loadAll('Opportunity', ofYearsBefore(others));
  world.commit();
  putForward(world, new Date(Date.parse(`${today}T08:00:00Z`) + DAY_MS));
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    const { clientId, clientSecret, username } = salesforceCredentials(world);
    world.commit();
    process.send?.({ loginUrl: `http://127.0.0.1:${port}`, clientId, clientSecret, username });
  });
}
