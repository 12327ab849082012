import { conditionOf, withBookings, type ReadBookings } from '../../src/activities/bookings';
import { withChanged } from '../../src/activities/bookings-changed';
import type { Booking } from '../../src/domain/close/booking';
import { judge } from '../../src/domain/close/judge';
import { makeBookings, type Planted } from '../../src/sandbox/salesforce/bookings';
import { SANDBOX_FIELDS } from '../../src/sandbox/salesforce/objects-bookings';
import { mountSalesforce, salesforceCredentials } from '../../src/sandbox/salesforce';
import { BookingReader } from '../../src/systems/salesforce/bookings';
import { BulkQueries } from '../../src/systems/salesforce/bulk-query';
import { Salesforce } from '../../src/systems/salesforce';
import { APRIL, closeOf, SCENE, TODAY } from '../domain/close/scene';
import { sampleHandbook } from '../handbook/sample';
import { Grounds } from '../sandbox/systems';

const COUNT = 1_200;
const grounds = new Grounds();
afterAll(() => grounds.close());

let url: string;
let bulk: BulkQueries;
let salesforce: Salesforce;
let planted: readonly Planted[];
beforeAll(async () => {
  const world = grounds.world();
  url = await grounds.serve(mountSalesforce(world, sampleHandbook()));
  const { clientId, clientSecret, username } = salesforceCredentials(world);
  const settings = { loginUrl: url, clientId, clientSecret, username };
  bulk = new BulkQueries(settings);
  salesforce = new Salesforce(settings);
  const answer = await fill({ period: '2026-04', cutOff: APRIL.cutOff, today: TODAY, count: COUNT, seed: 5 });
  ({ planted } = (await answer.json()) as { planted: readonly Planted[] });
});

const fill = (body: object) =>
  fetch(`${url}/__sandbox/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const inOrder = (bookings: readonly Booking[]) => [...bookings].sort((a, b) => (a.id < b.id ? -1 : 1));
async function all(read: ReadBookings): Promise<readonly Booking[]> {
  const bookings: Booking[] = [];
  for await (const part of read.parts()) bookings.push(...part);
  expect(bookings).toHaveLength(read.count);
  return bookings;
}
/** What stands in the org in no order. */
const told = ({ lines, documents, splits, ...rest }: Booking) => ({
  ...rest,
  lines: new Set(lines),
  documents: new Set(documents),
  splits: new Set(splits),
});

it('reads what the org holds, and the checks find in it what was planted, no more and no less', async () => {
  // Small pages, so that the locator leads from one to the next.
  const reader = new BookingReader(bulk, { pageRows: 500 });
  const read = await withBookings(reader, SANDBOX_FIELDS, [conditionOf(SANDBOX_FIELDS, APRIL)], all);
  const { bookings } = makeBookings(SCENE, COUNT, 5);
  expect(inOrder(read).map(told)).toEqual(inOrder(bookings).map(told));
  const close = closeOf(read);
  const found = read.flatMap((booking) =>
    judge(booking, close).map(({ check, verdict }) => `${booking.id} ${check} ${verdict.kind}`),
  );
  expect(found.sort()).toEqual(planted.map(({ record, check, kind }) => `${record} ${check} ${kind}`).sort());
  expect(planted.length).toBeGreaterThan(200);
});

it('reads what changed together with what belongs to it, and says the same of it as a whole look', async () => {
  const { bookings } = makeBookings(SCENE, COUNT, 5);
  const kin = planted.filter(({ check }) =>
    ['add-on-order', 'ramp-together', 'renewal-subscription', 'same-quote-twice'].includes(check),
  );
  const changed = kin.map(({ record }) => record);
  const { bookings: reader, bookingSearch: search } = salesforce;
  const of = { reader, search, fields: SANDBOX_FIELDS, period: APRIL };
  const [read, toJudge] = await withChanged(of, [...changed, "') OR Id != ('"], async (found, judged) => [
    await all(found),
    judged,
  ]);
  const expected = bookings.filter(({ id }) => toJudge.has(id));
  expect([...toJudge]).toEqual(expect.arrayContaining(changed));
  expect(inOrder(read).map(told)).toEqual(expect.arrayContaining(inOrder(expected).map(told)));
  // Those that belong to them, and nothing else.
  expect(read.length).toBeGreaterThan(changed.length);
  expect(read.length).toBeLessThan(3 * changed.length);
  const [whole, few] = [closeOf(bookings), closeOf(read)];
  for (const booking of expected) expect(judge(booking, few)).toEqual(judge(booking, whole));
});

it('never takes fewer rows than there are for all of them', async () => {
  const reader = new BookingReader({
    download: async (soql, dir, name, options) => {
      const read = await bulk.download(soql, dir, name, options);
      return { ...read, rows: (read.rows ?? 0) + (name.startsWith('document') ? 1 : 0) };
    },
  });
  const read = withBookings(reader, SANDBOX_FIELDS, [conditionOf(SANDBOX_FIELDS, APRIL)], all);
  await expect(read).rejects.toMatchObject({ code: 'rows-missing', retryable: true });
});

it.each([
  [{ period: 'April', cutOff: APRIL.cutOff, today: TODAY }],
  [{ period: '2026-04', cutOff: 'midnight', today: TODAY }],
  [{ period: '2026-04', cutOff: APRIL.cutOff, today: '2026-02-30' }],
])('the sandbox refuses to fill %j', async (body) => {
  expect((await fill(body)).status).toBe(400);
});
