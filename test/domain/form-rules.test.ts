import type { FormAccess } from '../../src/domain/form';
import { adminRoleOf, bulkProblems, environmentProblems, problemsOfUntil } from '../../src/domain/form-rules';
import type { Entitlement, System } from '../../src/domain/handbook';
import { sampleHandbook } from '../handbook/sample';

const systems: readonly System[] = sampleHandbook().systems.map((system) =>
  system.key === 'datafox' ? { ...system, sharedAccount: true } : system,
);
const POLICY = { sharedAccountDays: 90 };
const asked = (entitlement: Entitlement, changes: Partial<FormAccess> = {}): FormAccess => ({
  line: 7,
  system: entitlement.system,
  verb: 'grant',
  entitlement,
  sameAs: null,
  environment: null,
  ...changes,
});
const DATAFOX = asked({ system: 'datafox', role: 'Member' });
const CLARI = asked({ system: 'clari', role: 'Rep' });

describe('access in bulk', () => {
  test.each([
    ['an admin role', asked({ system: 'ringlead', role: 'Admin' }), /Admin in RingLead gives admin rights/],
    [
      'an admin profile',
      asked({ system: 'salesforce', role: 'x', profile: 'system administrator' }),
      /System Administrator in Salesforce/,
    ],
    [
      'an admin permission set',
      asked({ system: 'ringlead', role: 'User', permissionSets: ['ADMIN.'] }),
      /Admin in RingLead/,
    ],
    ['a shared account', DATAFOX, /People share an account in DataFox/],
  ])('is never %s', (_, access, expected) => {
    expect(bulkProblems({ access: [CLARI, access] }, systems)).toEqual([
      { line: 7, quoted: '', expected: expect.stringMatching(expected) },
    ]);
  });

  test('may be anything else, and may take anything away', () => {
    const removed = asked({ system: 'ringlead', role: 'Admin' }, { verb: 'remove' });
    expect(bulkProblems({ access: [CLARI, removed, { ...DATAFOX, verb: 'remove' }] }, systems)).toEqual([]);
  });
});

test('access to a sandbox is asked back, and not given in production instead', () => {
  const sandbox = asked({ system: 'salesforce', role: 'x', profile: 'y' }, { environment: 'full sandbox' });
  expect(environmentProblems({ access: [CLARI, sandbox] }, systems)).toEqual([
    {
      line: 7,
      quoted: 'Salesforce: full sandbox',
      expected: expect.stringMatching(/^Access to Salesforce is given in production only/),
    },
  ]);
});

describe('a shared account is for at most 90 days', () => {
  const of = (until: string | null): string[] =>
    problemsOfUntil({ access: [CLARI, DATAFOX], until }, systems, POLICY, '2026-11-24').map(
      ({ expected }) => expected,
    );
  test.each<[string | null, number]>([
    ['2026-11-24', 0],
    ['2027-02-22', 0],
    ['2027-02-23', 1],
    [null, 1],
  ])('until %s', (until, problems) => {
    expect(of(until)).toHaveLength(problems);
  });

  test('the last day that may be asked for is named', () => {
    expect(of(null)).toEqual([expect.stringMatching(/DataFox.*at most 90 days.*"Until: 2027-02-22"/)]);
  });

  test('nothing else needs an end, but none has ended already', () => {
    expect(problemsOfUntil({ access: [CLARI], until: null }, systems, POLICY, '2026-11-24')).toEqual([]);
    expect(
      problemsOfUntil({ access: [CLARI], until: '2026-11-23' }, systems, POLICY, '2026-11-24'),
    ).toMatchObject([
      { expected: expect.stringMatching(/has ended already: name a day from 2026-11-24 on/) },
    ]);
  });
});

test('a role that only contains the name of an admin role is none', () => {
  const ringlead = systems.find(({ key }) => key === 'ringlead')!;
  expect(adminRoleOf({ system: 'ringlead', role: 'Admin Assistant' }, ringlead)).toBeUndefined();
});
