import {
  isToldToday,
  mendedByOwners,
  ownerlessMail,
  ownerMail,
  type Told,
} from '../../../src/domain/close/owner-mail';
import { found } from './found';

const policy = { fromDaysBefore: 10, againAfterDays: 7 };
const occasion = {
  period: '2026-10',
  lastDay: '2026-10-31',
  zone: 'America/Los_Angeles',
  today: '2026-10-24',
  linkOf: (record: string) => `https://acme.example/${record}`,
};
const told = (at: string, ...findings: string[]): Told => ({ at, findings });

it.each<[string, string[], Told | undefined, boolean]>([
  ['never told', ['a/1'], undefined, true],
  ['nothing is wrong', [], undefined, false],
  ['told today already, though something is new', ['a/1', 'a/2'], told('2026-10-24T08:00Z', 'a/1'), false],
  ['something is new since yesterday', ['a/1', 'a/2'], told('2026-10-23T08:00Z', 'a/1'), true],
  ['nothing is new since yesterday', ['a/1'], told('2026-10-23T08:00Z', 'a/1', 'a/2'), false],
  ['nothing is new for six days', ['a/1'], told('2026-10-18T08:00Z', 'a/1'), false],
  ['nothing is new for seven days', ['a/1'], told('2026-10-17T08:00Z', 'a/1'), true],
])('%s', (_name, ids, last, expected) => {
  const findings = ids.map((id) => found(id));
  const dayOf = (at: string) => at.slice(0, 10);
  expect(isToldToday(findings, last, { today: '2026-10-24', dayOf, policy })).toBe(expected);
});

it('owners are told of what is open and theirs to mend, the longest open first', () => {
  const byOwner = mendedByOwners([
    found('a/1', { since: '2026-10-22' }),
    found('b/1', { since: '2026-10-21' }),
    found('c/1', { mender: 'deal_desk' }),
    found('d/1', { state: 'accepted' }),
    found('e/1', { state: 'closed' }),
    found('a/9', { ownerId: null }),
  ]);
  expect([...byOwner].map(([owner, its]) => [owner, its.map(({ id }) => id)])).toEqual([
    [null, ['a/9']],
    ['005A', ['b/1', 'a/1']],
  ]);
});

it('a mail names each record once, with its link, and all that is wrong with it in the words of the checks', () => {
  const { subject, text } = ownerMail(
    [
      found('a/1'),
      found('b/1', { what: 'Is it signed?', mend: 'Attach it.' }),
      found('a/2', { record: '2', amountCents: null }),
    ],
    occasion,
  );
  expect(subject).toBe(
    'Close of October 2026 (FY27 Q3, ends the quarter): 2 bookings of yours would not book',
  );
  expect(text).toContain(
    '1, $1.00  https://acme.example/1\n  - the amount is another one. Correct it.\n  - Is it signed? Attach it.\n\n2  https://acme.example/2\n',
  );
  expect(text).toContain('The period ends with 2026-10-31, as the day ends in America/Los_Angeles.');
});

it('after the cut-off it says that the period waits for it', () => {
  expect(ownerMail([found('a/1')], { ...occasion, today: '2026-11-01' }).text).toContain(
    'can not be locked before',
  );
});

it('text from outside adds no line, header, link or address', () => {
  const hostile = 'x\r\nBcc: a@evil.example http://evil.example/ www.evil.example';
  const { text } = ownerMail([found('a/1', { what: hostile })], occasion);
  expect(text).not.toMatch(/^Bcc/m);
  expect(text).not.toContain('evil.example');
  expect(text).not.toContain('http://');
  expect(text).not.toContain('a@evil');
});

it('what nobody can be told is for Sales Operations, by owner', () => {
  const { subject, text } = ownerlessMail(
    new Map([
      [null, [found('a/1')]],
      ['005B', [found('a/2', { record: '2' })]],
    ]),
    occasion,
  );
  expect(subject).toContain('2 bookings without an owner to tell');
  expect(text).toMatch(/Without an owner:\n\n1, [\s\S]*Of the user 005B, who is inactive or unknown:\n\n2, /);
});

it('a mail names fifty records at most', () => {
  const many = Array.from({ length: 60 }, (_, at) => found(`a/${at}`, { record: `r${at}` }));
  const { text } = ownerMail(many, occasion);
  expect(text.match(/acme\.example/g)).toHaveLength(50);
  expect(text).toContain('… and 10 more.');
});
