import fc from 'fast-check';
import { readForm } from '../../src/domain/form-reader';
import type { Entitlement, Region } from '../../src/domain/handbook';
import { moveIssueText, type MoveIssue } from '../../src/domain/move-text';
import {
  givenBy,
  isUnchanged,
  planMove,
  whatMoved,
  type Holding,
  type MovePlan,
} from '../../src/domain/moves';
import { resolveRole, uniteEntitlements } from '../../src/domain/roles';
import { ada, handbook } from './request';

const { systems, templates } = handbook;
const gives = (system: string, values: Omit<Entitlement, 'system'> = {}): Entitlement => ({
  system,
  ...values,
});
const holds = (system: string, shows: Holding['shows'] = {}, state: Holding['state'] = 'held'): Holding => ({
  system,
  state,
  shows,
});
const nothing: MovePlan = { add: [], change: [], remove: [], keep: [], besides: [], review: [] };

describe('a change of role concerns access', () => {
  const facts = { ...ada, manager_email: 'dana.whitfield@daytwo.example' };
  test.each<[string, Partial<typeof facts>, { role: boolean; manager: boolean }]>([
    ['by another title', { title: 'Sales Manager' }, { role: true, manager: false }],
    ['by another department', { department: 'Channel' }, { role: true, manager: false }],
    ['by another specialty', { specialty: 'Strategic' }, { role: true, manager: false }],
    ['by another region', { region: 'EMEA' }, { role: true, manager: false }],
    [
      'by another manager, who decides from now on',
      { manager_email: 'x@y.example' },
      { role: false, manager: true },
    ],
    ['not by another name or zone', { name: 'Ada Else', time_zone: 'UTC' }, { role: false, manager: false }],
    [
      'not by another spelling of an address',
      { manager_email: 'Dana.Whitfield@daytwo.example' },
      { role: false, manager: false },
    ],
  ])('%s', (_how, change, moved) => {
    expect(whatMoved(facts, { ...facts, ...change })).toEqual(moved);
  });
});

describe('what the new role gives and the old one no longer gives, against what the systems hold', () => {
  const RINGLEAD = gives('ringlead', { role: 'User' });
  const CLARI = gives('clari', { role: 'Rep' });
  test.each<[string, Entitlement[], Entitlement[], Holding[], Partial<MovePlan>]>([
    [
      'what only the new role gives is added',
      [],
      [RINGLEAD],
      [holds('ringlead', {}, 'none')],
      { add: [RINGLEAD] },
    ],
    [
      'what only the old role gave is removed',
      [RINGLEAD],
      [],
      [holds('ringlead', { role: 'User' })],
      { remove: [RINGLEAD] },
    ],
    [
      'what both give stays',
      [RINGLEAD],
      [RINGLEAD],
      [holds('ringlead', { role: 'User' })],
      { keep: [RINGLEAD] },
    ],
    [
      'what both give otherwise is changed in place',
      [RINGLEAD],
      [gives('ringlead', { role: 'Admin' })],
      [holds('ringlead', { role: 'User' })],
      { change: [{ from: RINGLEAD, to: gives('ringlead', { role: 'Admin' }) }] },
    ],
    [
      'what the system shows counts over what the old role gave',
      [RINGLEAD],
      [RINGLEAD],
      [holds('ringlead', { role: 'Admin' })],
      { change: [{ from: gives('ringlead', { role: 'Admin' }), to: RINGLEAD }] },
    ],
    [
      'what the old role gave and is gone already needs no removal',
      [RINGLEAD],
      [],
      [holds('ringlead', {}, 'none')],
      {},
    ],
    [
      'what the new role gives and is held already stays',
      [],
      [RINGLEAD],
      [holds('ringlead', { role: 'User' })],
      { keep: [RINGLEAD] },
    ],
    [
      'what is held by one of two ways only is given whole',
      [RINGLEAD],
      [RINGLEAD],
      [holds('ringlead', { role: 'User' }, 'partly')],
      { add: [RINGLEAD] },
    ],
    [
      'what is held by one of two ways only is removed whole',
      [RINGLEAD],
      [],
      [holds('ringlead', { role: 'User' }, 'partly')],
      { remove: [RINGLEAD] },
    ],
    [
      'what somebody asked for by a request of its own stays, and is named',
      [],
      [],
      [holds('ringlead', { role: 'Admin' })],
      { besides: [gives('ringlead', { role: 'Admin' })] },
    ],
    [
      'where nobody can be asked, what the old role gave counts as held',
      [CLARI],
      [],
      [],
      { remove: [CLARI] },
    ],
    ['where nobody can be asked, what it did not give counts as not held', [], [CLARI], [], { add: [CLARI] }],
    [
      'a licence type that differs is changed',
      [gives('chorus', { role: 'Sales Rep', team: 'A', licenceType: 'Listener' })],
      [gives('chorus', { role: 'Sales Rep', team: 'A', licenceType: 'Recorder' })],
      [holds('chorus')],
      {
        change: [
          {
            from: gives('chorus', { role: 'Sales Rep', team: 'A', licenceType: 'Listener' }),
            to: gives('chorus', { role: 'Sales Rep', team: 'A', licenceType: 'Recorder' }),
          },
        ],
      },
    ],
    [
      'a permission set that the new role does not give is a change',
      [gives('salesforce', { role: 'AE', profile: 'Sales', permissionSets: ['Quoting', 'Gainsight'] })],
      [gives('salesforce', { role: 'AE', profile: 'Sales', permissionSets: ['Quoting'] })],
      [holds('salesforce', { role: 'AE', profile: 'Sales' })],
      {
        change: [
          {
            from: gives('salesforce', {
              role: 'AE',
              profile: 'Sales',
              permissionSets: ['Quoting', 'Gainsight'],
            }),
            to: gives('salesforce', { role: 'AE', profile: 'Sales', permissionSets: ['Quoting'] }),
          },
        ],
      },
    ],
    [
      'permission sets in another order are the same',
      [gives('salesforce', { permissionSets: ['a', 'b'] })],
      [gives('salesforce', { permissionSets: ['b', 'a'] })],
      [holds('salesforce')],
      { keep: [gives('salesforce', { permissionSets: ['b', 'a'] })] },
    ],
    [
      'a SOX system is in no template: it is listed for a review, and neither given nor taken',
      [gives('xactly-incent', { role: 'Viewer' })],
      [],
      [holds('xactly-incent', { role: 'Viewer' })],
      { review: ['xactly-incent'] },
    ],
  ])('%s', (_rule, before, after, holdings, plan) => {
    expect(planMove([before], after, holdings, systems)).toEqual({ ...nothing, ...plan });
  });

  test('where an earlier change was not done yet, either role may be what is held: it is set anew', () => {
    const [rep, lead] = [gives('clari', { role: 'Rep' }), gives('clari', { role: 'Manager' })];
    const plan = planMove([[rep], [lead]], [rep], [], systems);
    expect(plan).toEqual({ ...nothing, change: [{ from: gives('clari'), to: rep }] });
  });

  test('what the role before the last one gave is removed, if nothing gives it now', () => {
    const plan = planMove([[], [CLARI]], [], [], systems);
    expect(plan.remove).toEqual([CLARI]);
  });
});

const value = fc.constantFrom('one', 'two', 'three');
const entitlementOf = (system: string) =>
  fc.record({ role: value, team: value }).map((values): Entitlement => ({ system, ...values }));
const KEYS = systems.filter(({ sox }) => !sox).map(({ key }) => key);
const roleOf = fc
  .subarray(KEYS)
  .chain((keys) => fc.tuple(...keys.map(entitlementOf)))
  .map((list): readonly Entitlement[] => list);

test('carried out, a plan gives what the new role gives, and takes nothing that neither role gave', () => {
  fc.assert(
    fc.property(roleOf, roleOf, roleOf, (before, after, held) => {
      const holdings = KEYS.map((key): Holding => {
        const one = held.find(({ system }) => system === key);
        return one ? holds(key, { role: one.role ?? '', team: one.team ?? '' }) : holds(key, {}, 'none');
      });
      const plan = planMove([before], after, holdings, systems);
      const gone = new Set([...plan.remove, ...givenBy(plan)].map(({ system }) => system));
      const then = [...held.filter(({ system }) => !gone.has(system)), ...givenBy(plan)];
      const bySystem = (list: readonly Entitlement[]) =>
        Object.fromEntries(list.map((one) => [one.system, one]));
      expect(bySystem(then)).toEqual({ ...bySystem(plan.besides), ...bySystem(after) });
      for (const { system } of plan.besides) expect(before.map((one) => one.system)).not.toContain(system);
      expect(isUnchanged(planMove([before], after, holdings, systems))).toBe(
        plan.add.length + plan.change.length + plan.remove.length === 0,
      );
    }),
  );
});

describe('the access change that is filed', () => {
  const issue = (plan: Partial<MovePlan>, changes: Partial<MoveIssue> = {}): string =>
    moveIssueText({
      marker: 'daytwo:move:104711:2026-11-25:abc',
      email: ada.email,
      from: ada,
      to: { ...ada, title: 'Sales Manager' },
      plan: { ...nothing, ...plan },
      bornApproved: true,
      systems,
      date: '2026-11-25',
      graceDate: '2026-12-09',
      tell: ['dana-manager', 'amber'],
      ...changes,
    });
  const read = (text: string) => {
    const form = readForm(text, systems, { mostPeople: 10 });
    if (!form) throw new Error('no form');
    return form;
  };

  test.each<[string, Region]>(
    templates.flatMap(({ path }) =>
      (['Americas', 'EMEA', 'JAPAC'] as const).map((region): [string, Region] => [path, region]),
    ),
  )('is read as it was meant: %s in %s', (path, region) => {
    const template = templates.find((one) => one.path === path);
    const given = uniteEntitlements([template?.entitlements[region] ?? []]).filter(
      // What a specialty adds is not whole by itself.
      ({ system: key, ...values }) =>
        systems.find((one) => one.key === key)?.requires.includes('role') !== true || 'role' in values,
    );
    const form = read(issue({ add: given, remove: [gives('datafox', { role: 'Member' })] }));
    expect(form.problems).toEqual([]);
    expect(form.kind).toBe('change');
    expect(form.people.map(({ email }) => email)).toEqual([ada.email]);
    expect(form.access.map(({ entitlement, verb }) => ({ entitlement, verb }))).toEqual([
      ...given.map((entitlement) => ({ entitlement, verb: 'change' })),
      { entitlement: { system: 'datafox' }, verb: 'remove' },
    ]);
  });

  test('what stays, what is held besides and what HR wrote is told and not asked for', () => {
    const text = issue(
      {
        add: [gives('clari', { role: 'Rep' })],
        keep: [gives('ringlead', { role: 'User' })],
        besides: [gives('datafox', { role: 'Member' })],
        review: ['xactly-incent'],
      },
      { to: { ...ada, title: '\n- Salesforce: role: System Administrator\n/close @vera-vp' } },
    );
    expect(read(text).access.map(({ system }) => system)).toEqual(['clari']);
    expect(read(text).problems).toEqual([]);
    expect(text).toContain('Xactly Incent');
    expect(text).toContain('DataFox (role Member)');
    expect(text).not.toContain('@vera-vp');
    expect(text.split('\n')).not.toContainEqual(expect.stringMatching(/^\/close/));
  });

  test('an address with signs of Markdown is the same address when it is read', () => {
    const email = "a_b_c.o'neil+x*y@daytwo.example";
    expect(read(issue({ add: [gives('clari', { role: 'Rep' })] }, { email })).people[0]?.email).toBe(email);
  });
});

test('the roles of the sample handbook: an account executive who goes to Commercial Sales', () => {
  const role = (department: string) => {
    const found = resolveRole(handbook, { ...ada, department, region: 'Americas' });
    if (found.kind === 'none') throw new Error('no role');
    return found.entitlements;
  };
  const [old, next] = [role('Enterprise Sales'), role('Commercial Sales')];
  const held = [
    holds('salesforce', { role: 'Enterprise AE - Americas', profile: 'Sales User' }),
    holds('salesforce-inbox'),
    holds('linkedin-sales-insights', { role: 'User' }),
    holds('chorus'),
    holds('leandata', {}, 'none'),
    holds('ringlead', {}, 'none'),
  ];
  const plan = planMove([old], next, held, systems);
  expect(plan.change.map(({ to }) => to)).toEqual([
    expect.objectContaining({ system: 'salesforce', role: 'Commercial AE - Americas' }),
    expect.objectContaining({ system: 'chorus', team: 'Commercial Americas' }),
  ]);
  expect(plan.remove.map(({ system }) => system)).toEqual(['salesforce-inbox', 'linkedin-sales-insights']);
  expect(plan.keep.map(({ system }) => system)).toEqual(['clari']);
});
