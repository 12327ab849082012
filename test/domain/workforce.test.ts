import { importOutcome, type ImportOutcome } from '../../src/domain/workforce';

const listed = { status: 'active', updatedAt: '2026-11-20T00:00:00Z', title: 'Account Executive' };

describe('a list of those who work here', () => {
  test.each<[string, Parameters<typeof importOutcome<typeof listed>>[0], ImportOutcome]>([
    ['adds somebody who is not known', null, 'added'],
    [
      'leaves the same facts alone, whenever they were heard',
      { ...listed, updatedAt: '2020-01-01T00:00:00Z' },
      'same',
    ],
    [
      'counts over what is older',
      { ...listed, title: 'Juggler', updatedAt: '2026-11-19T23:59:59Z' },
      'changed',
    ],
    ['counts over what is as old', { ...listed, title: 'Juggler' }, 'changed'],
    [
      'gives way to what HR told later',
      { ...listed, title: 'Juggler', updatedAt: '2026-11-20T00:00:01Z' },
      'newer',
    ],
    [
      'reads instants, not their text',
      { ...listed, title: 'Juggler', updatedAt: '2026-11-20T00:30:00+01:00' },
      'changed',
    ],
    ['takes no leaving back', { ...listed, status: 'leaving', updatedAt: '2026-11-01T00:00:00Z' }, 'moving'],
    [
      'takes nobody back who has left',
      { ...listed, status: 'left', title: 'Juggler', updatedAt: '2026-11-01T00:00:00Z' },
      'moving',
    ],
    ['ends no joining', { ...listed, status: 'joining', updatedAt: '2026-11-01T00:00:00Z' }, 'moving'],
  ])('%s', (_, known, outcome) => {
    expect(importOutcome(known, listed)).toBe(outcome);
  });
});
