import { tell, type ChainedRow } from '../../src/evidence';
import { row } from './dialects';

const chained = (changes: Partial<ChainedRow>): ChainedRow => ({
  ...row(),
  seq: 1,
  localTime: '2026-11-24T05:00:00+01:00',
  prevHash: '',
  hash: '',
  ...changes,
});

test('a story names the reader’s zone, who, over which way, what, why, and how it is known', () => {
  const story = tell(
    [
      chained({
        detail: {
          what: 'granted Salesforce',
          proof: 'verified',
          before: 'inactive',
          after: 'active',
          policy: '2026-01-01',
        },
      }),
      chained({
        seq: 2,
        at: '2026-11-25T15:30:00Z',
        actor: 'grace',
        channel: 'gitlab',
        kind: 'decision.complete',
        detail: { what: 'invited them to Chorus', why: 'the box was ticked', proof: 'attested' },
      }),
    ],
    'America/New_York',
  );
  expect(story.split('\n')).toEqual([
    'Times are those of America/New_York.',
    '',
    '2026-11-23',
    '23:00:00 daytwo granted Salesforce (employee 104711, acme/access-requests#7), by itself',
    '          on the clock of Europe/Berlin: 2026-11-24T05:00:00+01:00',
    '          inactive -> active',
    '          verified: read back from the system',
    '          policy of 2026-01-01',
    '          record 1, access.granted',
    '',
    '2026-11-25',
    '10:30:00 grace invited them to Chorus (employee 104711, acme/access-requests#7), on the GitLab issue',
    '          on the clock of Europe/Berlin: 2026-11-24T05:00:00+01:00',
    '          why: the box was ticked',
    '          attested by grace',
    '          record 2, decision.complete',
  ]);
});

test('hostile text stays on its line and moves no cursor', () => {
  const story = tell(
    [chained({ actor: 'eve\u001b[2J', detail: { what: 'did\n\u202eit', note: 'a\u001b]0;title\u0007b' } })],
    'UTC',
  );
  expect(story).toContain('eve did it');
  expect(story).toContain('note: ab');
  // eslint-disable-next-line no-control-regex
  expect(story).not.toMatch(/[\u001b\u0007\u202e]/);
});

test('nothing recorded is said so', () => {
  expect(tell([], 'UTC')).toBe('Nothing is recorded.');
});

test('an unknown zone of the reader is an error', () => {
  expect(() => tell([chained({})], 'Mars/Olympus')).toThrow(RangeError);
});
