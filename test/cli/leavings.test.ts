import { decideOn } from '../../src/cli/decide';
import { findProcess } from '../../src/cli/find-process';
import { listFrom, type ListOptions } from '../../src/cli/list';
import { readObject } from '../../src/cli/objects';
import { inWords } from '../../src/cli/show';
import { viewOf } from '../../src/cli/views';
import type { OffboardingStatus } from '../../src/domain/offboarding';
import { FakeEngine, Reader, running } from './fakes';

// The reader's clock says 2026-11-24T12:00Z, and hangs in Berlin.
const url = 'https://gitlab.example/people/employment/-/issues/7';
const leaving = (employeeId: string, state = 'taken') =>
  running(`offboarding/${employeeId}`, { state, employeeId });
const statusOf = (employeeId: string, change: Partial<OffboardingStatus> = {}): OffboardingStatus => ({
  kind: 'offboarding',
  employeeId,
  leaving: `${employeeId}/0a1b2c3d`,
  phase: 'taken',
  timeZero: '2026-11-20T15:00:00.000Z',
  since: '2026-11-10T08:00:00.000Z',
  open: 1,
  standing: ['`clari` is open, due 2026-11-21T15:00:00.000Z, on `priya-ops`'],
  firstDue: { what: 'clari', at: '2026-11-21T15:00:00.000Z' },
  url,
  nextAt: '2026-11-25T08:00:00.000Z',
  ...change,
});
const due = (at: string) => ({ firstDue: { what: 'clari', at } });

describe('list', () => {
  const list = async (statuses: readonly OffboardingStatus[], options: Partial<ListOptions> = {}) => {
    const reader = new Reader();
    const engine = new FakeEngine(
      statuses.map(({ employeeId, phase }) => leaving(employeeId, phase)),
      Object.fromEntries(statuses.map((status) => [`offboarding/${status.employeeId}`, status])),
    );
    const places = { employeeOf: () => Promise.resolve(null) };
    expect(await listFrom(engine, places, null, { limit: 200, ...options }, reader)).toBe(0);
    return reader;
  };

  it('puts what is late first, the longest first, and says what and since when', async () => {
    const { said } = await list([
      statusOf('1', due('2026-11-24T12:00:01.000Z')),
      statusOf('2', due('2026-11-23T15:00:00.000Z')),
      statusOf('3', { phase: 'announced', firstDue: null, timeZero: '2026-11-30T15:00:00.000Z' }),
      statusOf('4', due('2026-11-21T15:00:00.000Z')),
    ]);
    expect(said.slice(1, 5).map((line) => line.split(/\s/)[0])).toEqual([
      'offboarding/4',
      'offboarding/2',
      'offboarding/1',
      'offboarding/3',
    ]);
    expect(said[1]).toMatch(/LATE: clari since 2026-11-21 16:00.*1 system or step.*\/issues\/7/);
    expect(said[3]).not.toContain('LATE');
  });

  it('says the same as JSON', async () => {
    const { said } = await list([statusOf('1')], { json: true });
    expect(said.map((line) => JSON.parse(line) as object)).toMatchObject([
      { process: 'offboarding/1', late: { what: 'clari', since: '2026-11-21T15:00:00.000Z' }, link: url },
    ]);
  });

  it('what is late comes first of all there are, not only of those within the limit', async () => {
    const reader = await list(
      [
        statusOf('1', { firstDue: null }),
        statusOf('2', due('2026-11-23T15:00:00.000Z')),
        statusOf('3', { firstDue: null }),
        statusOf('4', due('2026-11-21T15:00:00.000Z')),
        statusOf('5', { phase: 'announced', ...due('2026-11-20T15:00:00.000Z') }),
      ],
      { limit: 2 },
    );
    const shown = reader.said.filter((line) => line.startsWith('offboarding/'));
    expect(shown.map((line) => line.split(/\s/)[0])).toEqual(['offboarding/4', 'offboarding/2']);
    expect(reader.complaints).toContain('3 more processes not shown');
  });

  it('takes the states of a leaving as a filter', async () => {
    const reader = await list([statusOf('1'), statusOf('2', { phase: 'watched', firstDue: null })], {
      state: 'watched',
    });
    expect(reader.text).toMatch(/offboarding\/2.*the last look, on the calendar/);
    expect(reader.text).not.toContain('offboarding/1');
  });

  it('a status from before it said what is due is shown as well', async () => {
    const { firstDue: _due, url: _url, ...before } = statusOf('1');
    const reader = await list([before as OffboardingStatus]);
    expect(reader.text).toMatch(/offboarding\/1.*1 system or step, on their deprovisioners/);
  });
});

describe('show', () => {
  const shown = (status: OffboardingStatus) =>
    inWords(leaving(status.employeeId, status.phase), viewOf(status), new Reader()).join('\n');

  it('says time zero, what is open and on whom on the reader’s clock, and the issue', () => {
    const text = shown(statusOf('104711'));
    expect(text).toContain(url);
    expect(text).toMatch(/time zero +2026-11-20 16:00/);
    expect(text).toMatch(/next look +2026-11-25 09:00/);
    expect(text).toMatch(/Open .*--task.*\n {2}clari is open, due 2026-11-21 16:00.*, on priya-ops/);
    expect(text).not.toMatch(/T15:00|`clari/);
  });

  it('draws nothing on the terminal', () => {
    expect(shown(statusOf('1', { standing: ['`clari` is open: \u001b[31mred'] }))).not.toContain('\u001b');
  });

  test.each<[OffboardingStatus['phase'], RegExp]>([
    ['announced', /time zero, on the calendar, since 2026-11-10/],
    ['question', /HR's correction, on HR/],
    ['frozen', /to be handed over, on daytwo/],
    ['suspended', /HR to lift the suspension/],
    ['watched', /the last look, on the calendar/],
  ])('of one that is %s says what it waits for', (phase, words) => {
    expect(shown(statusOf('1', { phase, open: 0, standing: [], firstDue: null }))).toMatch(words);
  });
});

describe('complete', () => {
  const process = leaving('104711');
  const complete = { by: 'priya-ops', task: 'clari' };

  it('goes to the leaving, by employee id or by its own', async () => {
    const engine = new FakeEngine([process]);
    const places = { engine, employeeOf: () => Promise.resolve(null), project: 'sales-ops/requests' };
    for (const object of ['104711', 'offboarding/104711']) {
      const found = await findProcess(readObject(object, null), places);
      expect(await decideOn(engine, found, 'complete', complete, {}, new Reader())).toBe(0);
    }
    const sent = { workflowId: 'offboarding/104711', decision: { kind: 'complete', ...complete } };
    expect(engine.decided).toEqual([sent, sent]);
  });

  it('by somebody who is no deprovisioner is refused with the reason', async () => {
    const [engine, reader] = [new FakeEngine([process]), new Reader()];
    engine.answer = { taken: false, why: 'it is settled by priya-ops' };
    expect(await decideOn(engine, process, 'complete', complete, {}, reader)).toBe(1);
    expect(reader.complaints).toBe('offboarding/104711: refused: it is settled by priya-ops.');
  });

  test.each(['approve', 'reject', 'claim', 'cancel'] as const)(
    '%s of a leaving is refused, and says what can be done',
    async (kind) => {
      const engine = new FakeEngine([process]);
      await expect(
        decideOn(engine, process, kind, { by: 'amber', reason: 'x' }, {}, new Reader()),
      ).rejects.toThrow(/only a task can be completed.*daytwo leave 104711 --rescind/);
      expect(engine.decided).toEqual([]);
    },
  );
});
