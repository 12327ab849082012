import fc from 'fast-check';
import type { Book, OwnedOpportunity } from '../../src/domain/book';
import { planHandover, type HandoverRules } from '../../src/domain/handover';

const EMPTY: Book = {
  leads: [],
  cases: [],
  accounts: [],
  opportunities: [],
  memberships: [],
  approvals: [],
  hierarchy: [],
  splits: [],
  teams: [],
  jobs: [],
};
const book = (change: Partial<Book>): Book => ({ ...EMPTY, ...change });
const rules = (change: Partial<HandoverRules> = {}): HandoverRules => ({
  records: {
    parkingOwner: 'park@x.example',
    moveUpToStage: 2,
    holdoverDays: 90,
    holdoverField: 'Held_Until__c',
    teams: 'remove',
    splits: 'by_person',
    lockedThrough: null,
  },
  territories: [
    { name: 'East', owner: 'east@x.example', cover: 'cover@x.example' },
    { name: 'West', owner: null, cover: 'cover@x.example' },
    { name: 'Own', owner: 'ada@x.example', cover: 'cover@x.example' },
    { name: 'Left', owner: 'gone@x.example', cover: null },
    { name: 'Nobody', owner: null, cover: null },
  ],
  heirs: new Map([
    ['east@x.example', '005east'],
    ['cover@x.example', '005cover'],
    ['boss@x.example', '005boss'],
    ['park@x.example', '005park'],
    ['next@x.example', '005next'],
  ]),
  leaver: 'Ada@x.example',
  successor: null,
  managers: ['boss@x.example'],
  assignmentRules: [],
  day: '2026-11-27',
  ...change,
});
const deal = (change: Partial<OwnedOpportunity> = {}): OwnedOpportunity => ({
  id: '006',
  accountId: '001',
  stage: '1-Discovery',
  closed: false,
  closeDate: '2026-12-31',
  ...change,
});
/** Who gets the last of it, and why. */
const heirOf = (change: Partial<Book>, its = rules()) => {
  const move = planHandover(book(change), its).moves.at(-1);
  return [move?.to, move?.why];
};

describe('accounts', () => {
  test.each([
    ['to the owner of their territory', 'East', '005east', 'owns its territory'],
    ['whatever its case', ' east ', '005east', 'owns its territory'],
    ['a territory without an owner: to who covers it', 'West', '005cover', 'covers its territory'],
    ['the leaver’s own: to who covers it', 'Own', '005cover', 'covers its territory'],
    ['an owner who left, and nobody covers: to the covering manager', 'Left', '005boss', 'the manager'],
    ['neither owner nor cover: to the covering manager', 'Nobody', '005boss', 'the manager'],
    [
      'a territory that the table does not know: to the covering manager',
      'Atlantis',
      '005boss',
      'the manager',
    ],
    ['"TBH", which is nobody: to the covering manager', 'TBH / Boss', '005boss', 'the manager'],
    ['without a territory: to the covering manager', null, '005boss', 'the manager'],
  ])('%s', (_what, territory, to, why) => {
    expect(heirOf({ accounts: [{ id: '001', territory }] })).toEqual([to, why]);
  });

  const gone = 'gone@x.example';
  test.each<[string, Partial<HandoverRules>, string, string]>([
    [
      'a manager who left: whoever stands above',
      { managers: [gone, 'next@x.example'] },
      '005next',
      'stands above the manager',
    ],
    ['the successor whom somebody named', { successor: 'Next@x.example' }, '005next', 'the named successor'],
    [
      'the leaver named as their own successor: the manager',
      { successor: 'ada@x.example' },
      '005boss',
      'the manager',
    ],
    ['a successor who left too: the manager', { successor: gone }, '005boss', 'the manager'],
    ['nobody at all: Sales Admin', { managers: [] }, '005park', 'the parking owner'],
  ])('%s', (_what, change, to, why) => {
    expect(heirOf({ accounts: [{ id: '001', territory: null }] }, rules(change))).toEqual([to, why]);
  });

  test('a successor who left too is a step that says who has it instead', () => {
    const stepsOf = (successor: string | null) =>
      planHandover(book({ leads: ['00Q'] }), rules({ successor })).steps;
    expect(stepsOf(gone)).toEqual([
      { id: 'step/salesforce/successor', text: expect.stringContaining('so the manager has it') as unknown },
    ]);
    expect([...stepsOf('next@x.example'), ...stepsOf(null)]).toEqual([]);
  });

  test('territories that nobody has are named for a person', () => {
    const accounts = [
      { id: '1', territory: 'Nobody' },
      { id: '2', territory: 'East' },
      { id: '3', territory: 'At`lantis' },
    ];
    const { steps } = planHandover(book({ accounts }), rules());
    expect(steps).toMatchObject([{ id: 'step/salesforce/territories' }]);
    expect(steps[0]?.text).toContain(
      'name an owner of these territories in the tables of `config/territory/`',
    );
    expect(steps[0]?.text).toContain('so the manager has their accounts: ``At`lantis``, `Nobody`');
    expect(steps[0]?.text).not.toContain('East');
  });
});

describe('opportunities', () => {
  const fate = (change: Partial<OwnedOpportunity>, its = rules()) =>
    planHandover(book({ accounts: [{ id: '001', territory: 'East' }], opportunities: [deal(change)] }), its);

  test.each([
    ['0-Pending Acceptance', '005east', undefined, 'goes with its account'],
    ['2-Scoping', '005east', undefined, 'goes with its account'],
    ['3-Technical Evaluation', '005boss', '2027-02-25', 'holds it over: the manager'],
    ['6-Awaiting Signature', '005boss', '2027-02-25', 'holds it over: the manager'],
    ['Verbal', '005boss', '2027-02-25', 'holds it over: the manager'],
  ])('open, at %s', (stage, to, until, why) => {
    const move = fate({ stage }).moves.find(({ object }) => object === 'Opportunity');
    expect(move).toMatchObject({ to, why });
    expect(move?.set?.['Held_Until__c']).toBe(until);
  });

  test.each([
    ['closed', { closed: true, stage: 'Closed Won' }, null],
    ['closed, though its stage is early', { closed: true }, null],
    ['open, in a locked period', { closeDate: '2026-10-31' }, '2026-10-31'],
  ])('%s: never moves', (_what, change, lockedThrough) => {
    const its = rules({ records: { ...rules().records, lockedThrough } });
    const plan = fate(change, its);
    expect(plan.stays).toEqual(['006']);
    expect(plan.moves.filter(({ object }) => object === 'Opportunity')).toEqual([]);
  });

  test('the day after the locked period moves', () => {
    const its = rules({ records: { ...rules().records, lockedThrough: '2026-10-31' } });
    expect(fate({ closeDate: '2026-11-01' }, its).stays).toEqual([]);
  });

  test('of an account that somebody else owns: the covering manager', () => {
    expect(fate({ accountId: '002' }).moves.at(-1)).toEqual({
      object: 'Opportunity',
      id: '006',
      field: 'OwnerId',
      to: '005boss',
      why: 'the manager',
    });
    const late = fate({ accountId: '002', stage: '4-Proposal' }).moves.at(-1);
    expect(late?.set).toEqual({ Held_Until__c: '2027-02-25' });
  });
});

describe('everything else', () => {
  test('queues and teams are left, approvals and hierarchy fields name the manager', () => {
    const plan = planHandover(
      book({
        memberships: [{ id: '011', group: 'Q', queue: true }],
        teams: [{ id: '00q', object: 'OpportunityTeamMember' }],
        approvals: ['04i'],
        hierarchy: [
          { id: '005x', object: 'User', field: 'Lead__c' },
          { id: '005boss', object: 'User', field: 'Lead__c' },
        ],
      }),
      rules(),
    );
    expect(plan.moves).toEqual([
      { object: 'GroupMember', id: '011', field: null, to: null, name: 'Q', why: 'removed' },
      { object: 'ProcessInstanceWorkitem', id: '04i', field: 'ActorId', to: '005boss', why: 'the manager' },
      { object: 'User', id: '005x', field: 'Lead__c', to: '005boss', why: 'the manager' },
      // Nobody stands above themself.
      { object: 'User', id: '005boss', field: 'Lead__c', to: null, why: 'removed' },
      { object: 'OpportunityTeamMember', id: '00q', field: null, to: null, why: 'removed' },
    ]);
  });

  test('teams stay where policy says so', () => {
    const its = rules({ records: { ...rules().records, teams: 'keep' } });
    expect(planHandover(book({ teams: [{ id: '1', object: 'AccountTeamMember' }] }), its).moves).toEqual([]);
  });

  test('what has no API is a step with its names, escaped and counted', () => {
    const jobs = Array.from({ length: 12 }, (_, at) => `job \`@all\` ${at}`);
    const { steps } = planHandover(book({ jobs }), rules({ assignmentRules: ['Lead: Routing'] }));
    expect(steps.map(({ id }) => id)).toEqual(['step/salesforce/jobs', 'step/salesforce/assignment-rules']);
    expect(steps[0]?.text).toContain('and 2 more');
    expect(steps[0]?.text).toContain('``job `@all` 0``');
  });

  test('nobody can take over: nothing moves, and a step says why', () => {
    const plan = planHandover(book({ leads: ['00Q'] }), rules({ heirs: new Map() }));
    expect(plan).toMatchObject({ moves: [], nobody: true, steps: [{ id: 'step/salesforce/no-heir' }] });
  });
});

test('whatever they own: each record once, closed ones never, every heir active and not the leaver', () => {
  const id = fc.uuid();
  const books = fc.record({
    leads: fc.uniqueArray(id, { maxLength: 5 }),
    cases: fc.uniqueArray(id, { maxLength: 3 }),
    accounts: fc.uniqueArray(
      fc.record({ id, territory: fc.constantFrom('East', 'West', 'Own', 'Left', 'Nobody', '?', null) }),
      { maxLength: 6, selector: (one) => one.id },
    ),
    opportunities: fc.uniqueArray(
      fc.record({
        id,
        accountId: fc.option(id),
        stage: fc.constantFrom('0-A', '2-B', '3-C', '7-D', 'X'),
        closed: fc.boolean(),
        closeDate: fc.constantFrom('2026-10-31', '2026-12-31'),
      }),
      { maxLength: 8, selector: (one) => one.id },
    ),
  });
  const heirs = fc.subarray([...rules().heirs.entries(), ['ada@x.example', '005ada'] as [string, string]]);
  const locked = fc.constantFrom(null, '2026-11-30');
  fc.assert(
    fc.property(books, heirs, locked, (owned, known, lockedThrough) => {
      const its = rules({
        heirs: new Map(known),
        records: { ...rules().records, lockedThrough },
      });
      const plan = planHandover(book(owned), its);
      const ids = plan.moves.map((move) => `${move.object}/${move.id}`);
      expect(new Set(ids).size).toBe(ids.length);
      const fixed = owned.opportunities.filter(
        (one) => one.closed || (lockedThrough !== null && one.closeDate <= lockedThrough),
      );
      for (const { id: stays } of fixed) expect(ids).not.toContain(`Opportunity/${stays}`);
      for (const { to } of plan.moves)
        expect(to !== '005ada' && [...its.heirs.values()].includes(to ?? '')).toBe(true);
      if (!plan.nobody) {
        const all =
          owned.leads.length + owned.cases.length + owned.accounts.length + owned.opportunities.length;
        expect(plan.moves.length + plan.stays.length).toBe(all);
        expect(plan.stays).toHaveLength(fixed.length);
      }
    }),
  );
});

test('splits of open opportunities are a step that names each once; where policy says so, they stay', () => {
  const held = book({
    splits: [
      { id: '1', opportunityId: '006b' },
      { id: '2', opportunityId: '006a' },
      { id: '3', opportunityId: '006b' },
    ],
  });
  const of = (records: HandoverRules['records']) =>
    planHandover(held, { ...rules(), records }).steps.filter(({ id }) => id === 'step/salesforce/splits');
  expect(of(rules().records)).toEqual([
    expect.objectContaining({ text: expect.stringContaining('`006a`, `006b`') }),
  ]);
  expect(of({ ...rules().records, splits: 'leave' })).toEqual([]);
});
