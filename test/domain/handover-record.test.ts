import fc from 'fast-check';
import {
  keyOf,
  opportunityMoves,
  recordsOf,
  settledRecord,
  type HandoverRecord,
  type Seen,
} from '../../src/domain/handover-record';

const record = (change: Partial<HandoverRecord> = {}): HandoverRecord => ({
  object: 'Opportunity',
  recordId: '006',
  what: 'move',
  fromOwner: 'ada',
  toOwner: 'boss',
  state: 'planned',
  code: null,
  ...change,
});
const stay = (change: Partial<HandoverRecord> = {}) => record({ what: 'stay', toOwner: null, ...change });

describe('what is written down', () => {
  const plan = { moves: [{ object: 'Opportunity', id: '006', field: 'OwnerId', to: 'heir' }], stays: [] };

  test.each<[string, HandoverRecord[], Partial<HandoverRecord>]>([
    ['nothing is known', [], { what: 'move', toOwner: 'heir', state: 'planned' }],
    ['an earlier try planned another heir', [record()], { toOwner: 'heir', state: 'planned' }],
    ['it was handed over, and is theirs again', [record({ state: 'done' })], { state: 'planned' }],
    ['it was to stay', [stay()], { what: 'stay', toOwner: null }],
  ])('%s', (_what, known, expected) => {
    expect(recordsOf(plan, 'ada', known)).toMatchObject([expected]);
  });

  test('what an earlier try planned and the book shows no more is kept', () => {
    expect(recordsOf({ moves: [], stays: [] }, 'ada', [record(), stay({ recordId: '2' })])).toHaveLength(2);
  });

  test('a user whom two hierarchy fields name is two records', () => {
    const moves = ['Regional_Lead__c', 'Deputy__c'].map((field) => ({
      object: 'User',
      id: '005',
      field,
      to: 'boss',
    }));
    expect(recordsOf({ moves, stays: [] }, 'ada', []).map(keyOf)).toEqual([
      'User.Regional_Lead__c/005',
      'User.Deputy__c/005',
    ]);
  });
});

describe('once the accounts have moved', () => {
  const account = record({ object: 'Account', recordId: '001', toOwner: 'heir' });
  const next = (one: HandoverRecord, owner: string | null, its = account) =>
    opportunityMoves([its, one], new Map(owner === null ? [] : [['006', owner]])).map(({ to }) => to);

  test.each<[string, HandoverRecord, string | null, string[]]>([
    ['a closed one that moved along is put back', stay(), 'heir', ['ada']],
    ['a closed one that stayed is left', stay(), 'ada', []],
    ['a closed one that something else moved is put back', stay(), 'other', ['ada']],
    ['one that was put back before and moved along again', stay({ state: 'put_back' }), 'heir', ['ada']],
    ['one that was settled, which a person gave away since', stay({ state: 'done' }), 'other', []],
    ['an open one that went along and should not', record(), 'heir', ['boss']],
    ['an open one that did not go along', record({ toOwner: 'heir' }), 'ada', ['heir']],
    ['an open one that went along', record({ toOwner: 'heir' }), 'heir', []],
    ['an open one that a person gave to somebody else', record(), 'other', []],
    ['one that is settled', record({ state: 'done' }), 'heir', []],
    ['one that is gone', record(), null, []],
  ])('%s', (_what, one, owner, expected) => {
    expect(next(one, owner)).toEqual(expected);
  });

  test('no account moved just now: what is settled is left, whoever owns it', () => {
    const before: HandoverRecord = { ...account, state: 'done' };
    expect(next(stay({ state: 'put_back' }), 'heir', before)).toEqual([]);
  });
});

describe('what was read back says what became of it', () => {
  const seen = (change: Partial<Seen> = {}): Seen => ({
    written: true,
    code: null,
    owner: 'boss',
    ...change,
  });
  test.each<[string, HandoverRecord, Partial<Seen>, Partial<HandoverRecord>]>([
    ['it is the heir’s', record(), {}, { state: 'done', code: null }],
    ['refused', record(), { code: 'LOCKED', owner: 'ada' }, { state: 'refused', code: 'LOCKED' }],
    ['refused, but it is the heir’s', record(), { code: 'LOCKED' }, { state: 'done', code: null }],
    [
      'the org said yes and did nothing',
      record(),
      { owner: 'ada' },
      { state: 'refused', code: 'OWNER_DIFFERS' },
    ],
    [
      'the org said yes and did otherwise',
      record(),
      { owner: 'x' },
      { state: 'refused', code: 'OWNER_DIFFERS' },
    ],
    ['it is shown no more', record(), { owner: undefined }, { state: 'refused', code: 'NOT_SHOWN' }],
    [
      'somebody deleted it',
      record(),
      { owner: undefined, code: 'ENTITY_IS_DELETED' },
      { state: 'done', toOwner: null },
    ],
    [
      'a person gave it away between two tries',
      record(),
      { written: false, owner: 'x' },
      { state: 'done', toOwner: 'x' },
    ],
    [
      'mended by hand',
      record({ state: 'refused', code: 'LOCKED' }),
      { written: false },
      { state: 'done', code: null },
    ],
    ['closed, and theirs still', stay(), { written: false, owner: 'ada' }, { state: 'done' }],
    ['closed, and theirs again', stay(), { owner: 'ada' }, { state: 'put_back' }],
    ['closed, put back earlier', stay({ state: 'put_back' }), { owner: 'ada' }, { state: 'put_back' }],
    ['closed, and not given back', stay(), { owner: 'x', code: 'NO' }, { state: 'refused', code: 'NO' }],
    ['closed, and deleted', stay(), { owner: undefined }, { state: 'done' }],
    ['a membership', record({ object: 'GroupMember' }), { owner: undefined }, { state: 'done' }],
    [
      'a membership, refused',
      record({ object: 'GroupMember' }),
      { code: 'NO' },
      { state: 'refused', code: 'NO' },
    ],
    [
      'settled before',
      record({ state: 'done' }),
      { written: false, owner: 'x' },
      { state: 'done', toOwner: 'boss' },
    ],
  ])('%s', (_what, one, change, expected) => {
    expect(settledRecord(one, seen(change))).toMatchObject(expected);
  });

  test('done is never said of what was read otherwise', () => {
    const who = fc.constantFrom('ada', 'boss', 'heir', undefined);
    const state = fc.constantFrom('planned' as const, 'refused' as const);
    fc.assert(
      fc.property(state, who, fc.boolean(), fc.option(fc.constant('NO')), (from, owner, written, code) => {
        const { state: to, toOwner } = settledRecord(record({ state: from }), { written, code, owner });
        expect(to === 'done' ? (owner ?? null) === toOwner && owner !== 'ada' : to === 'refused').toBe(true);
      }),
    );
  });
});
