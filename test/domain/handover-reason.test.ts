import type { Book, BookMove } from '../../src/domain/book';
import type { HandoverRules } from '../../src/domain/handover';
import { destinationsOf } from '../../src/domain/handover-reason';

const book: Book = {
  leads: [],
  cases: [],
  accounts: [
    { id: '001east', territory: ' east ' },
    { id: '001none', territory: null },
  ],
  opportunities: ['001east', '001other', null].map((accountId, at) => ({
    id: `006${at}`,
    accountId,
    stage: '1',
    closed: false,
    closeDate: '2026-12-31',
  })),
  memberships: [],
  approvals: [],
  hierarchy: [],
  teams: [],
  splits: [],
  jobs: [],
};
const rules: HandoverRules = {
  records: {
    parkingOwner: 'Park@x.example',
    moveUpToStage: 2,
    holdoverDays: 90,
    teams: 'remove',
    splits: 'by_person',
    lockedThrough: null,
  },
  territories: [{ name: 'East', owner: 'East@x.example', cover: 'boss@x.example' }],
  heirs: new Map(['east', 'boss', 'over', 'park', 'next'].map((name) => [`${name}@x.example`, `005${name}`])),
  leaver: 'ada@x.example',
  managers: ['next@x.example', 'Boss@x.example', 'over@x.example'],
  assignmentRules: [],
  day: '2026-11-27',
};
const move = (object: string, id: string, to: string | null, set?: BookMove['set']): BookMove => ({
  object,
  id,
  field: to === null ? null : 'OwnerId',
  to,
  ...(set ? { set } : {}),
});
const EAST = move('Account', '001east', '005east');

test.each<[string, BookMove, string | null, string]>([
  ['an account to the owner of its territory', EAST, 'east@x.example', 'owns its territory'],
  [
    'an account to who covers its territory',
    move('Account', '001east', '005boss'),
    'boss@x.example',
    'covers its territory',
  ],
  [
    'an account without a territory, though its heir has one',
    move('Account', '001none', '005boss'),
    'boss@x.example',
    'the manager',
  ],
  [
    'an opportunity beside its account',
    move('Opportunity', '0060', '005east'),
    'east@x.example',
    'goes with its account',
  ],
  [
    'an opportunity of somebody else’s account',
    move('Opportunity', '0061', '005next'),
    'next@x.example',
    'the named successor',
  ],
  [
    'an opportunity without an account',
    move('Opportunity', '0062', '005over'),
    'over@x.example',
    'stands above the manager',
  ],
  [
    'a late opportunity',
    move('Opportunity', '0060', '005boss', { Holdover_Expiration_Date__c: '2027-02-25' }),
    'boss@x.example',
    'holds it over: the manager',
  ],
  ['a lead that nobody takes', move('Lead', '00Q', '005park'), 'park@x.example', 'the parking owner'],
  ['a membership', move('GroupMember', '011', null), null, 'removed'],
])('%s', (_what, one, email, why) => {
  const moves = one === EAST ? [EAST] : [EAST, one];
  expect(destinationsOf({ moves }, book, rules, 'next@x.example').at(-1)).toEqual({
    object: one.object,
    email,
    why,
  });
});
