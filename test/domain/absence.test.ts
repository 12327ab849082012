import fc from 'fast-check';
import {
  absenceOfStatus,
  absencesOfEvents,
  isAway,
  mergeAbsences,
  saysAway,
  timeAwayAt,
  type Absence,
  type ShownEvent,
  type UserStatus,
} from '../../src/domain/absence';

const day = (date: string): string => `2026-11-${date}T00:00:00.000Z`;
const away = (
  from: string,
  until: string | null,
  source: Absence['source'] = 'gitlab',
  note: string | null = null,
): Absence => ({ from: day(from), until: until === null ? null : day(until), source, note });

describe('what several sources say is one time away', () => {
  test.each<[string, Absence[], [string, string | null, string][]]>([
    ['nobody says anything', [], []],
    ['one says it', [away('02', '04')], [['02', '04', 'gitlab']]],
    ['two overlap', [away('02', '04'), away('03', '06', 'calendar')], [['02', '06', 'calendar gitlab']]],
    ['two touch', [away('02', '04'), away('04', '06', 'calendar')], [['02', '06', 'calendar gitlab']]],
    [
      'there is a day between them',
      [away('05', '06', 'calendar'), away('02', '04')],
      [
        ['02', '04', 'gitlab'],
        ['05', '06', 'calendar'],
      ],
    ],
    [
      'one lies within the other',
      [away('02', '09', 'handbook'), away('03', '04')],
      [['02', '09', 'gitlab handbook']],
    ],
    ['one has no end', [away('02', null), away('04', '06', 'calendar')], [['02', null, 'calendar gitlab']]],
    ['one ends before it begins', [away('04', '02')], []],
  ])('%s', (_, absences, expected) => {
    expect(mergeAbsences(absences)).toEqual(
      expected.map(([from, until, sources]) => ({
        from: day(from),
        until: until === null ? null : day(until),
        sources: sources.split(' '),
      })),
    );
  });

  const someAbsence = fc
    .record({
      from: fc.integer({ min: 0, max: 200 }),
      length: fc.option(fc.integer({ min: -3, max: 60 }), { nil: null }),
      source: fc.constantFrom<Absence['source']>('gitlab', 'calendar', 'handbook'),
    })
    .map(({ from, length, source }): Absence => ({
      from: hour(from),
      until: length === null ? null : hour(from + length),
      source,
      note: null,
    }));
  const hour = (number: number): string => new Date(Date.UTC(2026, 10, 1, number)).toISOString();

  test('the order in which the sources are asked plays no part', () => {
    fc.assert(
      fc.property(
        fc
          .array(someAbsence, { maxLength: 8 })
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
          ),
        ([list, shuffled]) => expect(mergeAbsences(shuffled)).toEqual(mergeAbsences(list)),
      ),
    );
  });

  test('somebody is away exactly when one source at least says so', () => {
    fc.assert(
      fc.property(
        fc.array(someAbsence, { maxLength: 8 }),
        fc.integer({ min: -5, max: 300 }),
        (list, when) => {
          const instant = hour(when);
          const said = list.some(({ from, until }) => from <= instant && (until === null || instant < until));
          expect(isAway(list, instant)).toBe(said);
        },
      ),
    );
  });

  test('the times away have gaps between them, and stand in order', () => {
    fc.assert(
      fc.property(fc.array(someAbsence, { maxLength: 8 }), (list) => {
        const merged = mergeAbsences(list);
        merged.slice(1).forEach(({ from }, index) => expect(from > merged[index]!.until!).toBe(true));
      }),
    );
  });
});

describe('a GitLab status means that somebody is away', () => {
  const NOW = '2026-11-25T12:00:00.000Z';
  const status = (changes: Partial<UserStatus>): UserStatus => ({
    emoji: 'speech_balloon',
    message: '',
    busy: false,
    clearAt: null,
    ...changes,
  });
  const inHours = (hours: number): string => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();

  test.each<[string, Partial<UserStatus>, boolean]>([
    ['nothing is set', {}, false],
    ['a palm tree', { emoji: 'palm_tree' }, true],
    ['a thermometer', { emoji: 'face_with_thermometer' }, true],
    ['a rocket', { emoji: 'rocket', message: 'shipping' }, false],
    ['OOO', { message: 'OOO until Monday' }, true],
    ['out of the office', { message: 'Out of the office' }, true],
    ['parental leave', { message: 'On parental leave, see my README' }, true],
    ['back from it', { message: 'Back from PTO, catching up' }, false],
    ['who asks not to be disturbed', { message: 'Out of office, do not disturb' }, true],
    ['a word that only holds it', { message: 'Adopting the new flow' }, false],
    ['busy until further notice', { busy: true }, true],
    ['busy for three hours', { busy: true, clearAt: inHours(3) }, false],
    ['busy for three days', { busy: true, clearAt: inHours(72) }, true],
    ['OOO for one hour', { message: 'OOO', clearAt: inHours(1) }, true],
    ['a status that is over', { message: 'OOO', clearAt: inHours(-1) }, false],
  ])('%s', (_, changes, expected) => {
    expect(absenceOfStatus(status(changes), [], NOW, 4) !== null).toBe(expected);
  });

  test('since it was seen first, until GitLab clears it', () => {
    const first = absenceOfStatus(status({ busy: true, clearAt: inHours(8) }), [], NOW, 4)!;
    expect(first).toMatchObject({ from: NOW, until: inHours(8), source: 'gitlab' });
    const later = absenceOfStatus(status({ busy: true, clearAt: inHours(8) }), [first], inHours(7), 4);
    expect(later).toEqual(first);
  });

  test.each([
    ['Vacation', true],
    ['Annual leave', true],
    ['OOF', true],
    ['Leave the building clean', false],
    ['1:1 with Dana', false],
    ['Not out of office', false],
  ])('an event called %s: %s', (title, expected) => expect(saysAway(title)).toBe(expected));
});

describe('an event of a calendar means that somebody is away', () => {
  test.each<[string, Partial<ShownEvent>, boolean]>([
    ['whole days', { allDay: true, title: 'Alps' }, true],
    ['whole days that are shown as free', { allDay: true, free: true, title: 'Birthday of Ann' }, false],
    ['whole days that are free and say so', { allDay: true, free: true, title: 'Vacation' }, true],
    ['an hour', { title: '1:1 with Dana' }, false],
    ['an afternoon that says so', { title: 'OOO: dentist' }, true],
    ['an afternoon that says so and is free', { free: true, title: 'Vacation of my team' }, false],
    ['an hour that Outlook marks', { outOfOffice: true, title: 'private' }, true],
  ])('%s: %j: %s', (_, changes, expected) => {
    const event = { from: day('02'), until: day('03'), allDay: false, free: false, outOfOffice: false };
    expect(absencesOfEvents([{ ...event, title: '', ...changes }])).toHaveLength(expected ? 1 : 0);
  });
});

test('the end of an absence is no longer part of it', () => {
  const list = [away('20', '25')];
  expect(timeAwayAt(list, '2026-11-24T23:59:59.999Z')).not.toBeNull();
  expect(timeAwayAt(list, day('25'))).toBeNull();
});
