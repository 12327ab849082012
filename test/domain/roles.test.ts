import fc from 'fast-check';
import { REGIONS, type Entitlement } from '../../src/domain/handbook';
import {
  normaliseTitle,
  resolveRole,
  slug,
  templatePaths,
  uniteEntitlements,
  uniteSections,
} from '../../src/domain/roles';
import { baselineTasks } from '../../src/domain/stages';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const { naming } = handbook;
const person = (department: string, title: string, specialty: string | null = null) => ({
  department,
  title,
  specialty,
});
const file = (department: string, role: string): string => `roles/department_${department}/role_${role}.yml`;

describe('a role is found by department and title', () => {
  const sdr = 'sales_development_representative';
  it.each([
    ['SDR', sdr],
    ['SDR 1', sdr],
    ['SDR 2', sdr],
    ['SDR 3', sdr],
    ['Sales Development Representative II', sdr],
    ['Senior Sales Development Representative', sdr],
    ['Sr. Sales Development Representative', sdr],
    ['Sales Development Representative (Senior)', sdr],
    ['Account Executive', 'account_executive'],
    ['Staff Account Executive', 'account_executive'],
    ['Lead Account Executive', 'account_executive'],
    ['Principal  Solutions Architect', 'solutions_architect'],
    ['Jr Solutions Architect', 'solutions_architect'],
    ['Associate Customer Success Manager', 'customer_success_manager'],
    ['Channel Account Manager', 'channel_manager'],
    ['Sales Associate', 'sales_associate'],
    ['Team Lead', 'team_lead'],
    ['Principal', 'principal'],
    ['Représentant', 'representant'],
    ['営業部長', '営業部長'],
    ['constructor', 'constructor'],
    ['__proto__', 'proto'],
  ])('%s is role_%s', (title, role) => {
    expect(normaliseTitle(title, naming)).toBe(role);
  });

  it.each([
    [
      'a department by its name',
      person('Enterprise Sales', 'Account Executive'),
      [file('enterprise_sales', 'account_executive')],
    ],
    [
      'Public Sector in department_pubsec',
      person('Public Sector', 'AE'),
      [file('pubsec', 'account_executive')],
    ],
    [
      'a specialty as a second file',
      person('Enterprise Sales', 'Senior Account Executive', 'Strategic'),
      [
        file('enterprise_sales', 'account_executive'),
        file('enterprise_sales', 'account_executive_strategic'),
      ],
    ],
    [
      'a specialty that stands in the title',
      person('Enterprise Sales', 'Account Executive, Strategic'),
      [
        file('enterprise_sales', 'account_executive'),
        file('enterprise_sales', 'account_executive_strategic'),
      ],
    ],
    [
      'seniority after a comma as none',
      person('Enterprise Sales', 'Account Executive, Senior'),
      [file('enterprise_sales', 'account_executive')],
    ],
    [
      'an unknown department all the same',
      person('Space Sales', 'Astronaut'),
      [file('space_sales', 'astronaut')],
    ],
  ])('looks for %s', (_, whom, paths) => {
    expect(templatePaths(whom, naming)).toEqual(paths);
  });

  it('makes of any text paths that stay below roles/', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (department, title, specialty) => {
          for (const path of templatePaths({ department, title, specialty }, naming)) {
            expect(path).toMatch(/^roles\/department_[\p{L}\p{M}\p{N}_]*\/role_[\p{L}\p{M}\p{N}_]*\.yml$/u);
          }
        },
      ),
    );
  });

  it('gives the same name for a name already made', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(slug(slug(text))).toBe(slug(text))),
    );
    const words = fc.array(
      fc.constantFrom('Senior', 'Account', 'Executive', 'II', '3', 'Lead', 'SDR', 'Associate', 'Sr.'),
    );
    fc.assert(
      fc.property(words, (title) => {
        const once = normaliseTitle(title.join(' '), naming);
        expect(normaliseTitle(once, naming)).toBe(once);
      }),
    );
  });
});

describe('what a role gets', () => {
  const of = (
    department: string,
    title: string,
    specialty: string | null,
    region: (typeof REGIONS)[number],
  ) => {
    const role = resolveRole(handbook, { ...person(department, title, specialty), region });
    if (role.kind === 'none') throw new Error(`none of ${role.paths.join(', ')}`);
    return role;
  };

  it('gives an enterprise account executive in the Americas what the template says', () => {
    const role = of('Enterprise Sales', 'Senior Account Executive', null, 'Americas');
    expect(role).toMatchObject({ bornApproved: true, strippedSox: [] });
    expect(role.entitlements).toEqual([
      {
        system: 'salesforce',
        profile: 'Sales User',
        role: 'Enterprise AE - Americas',
        permissionSets: ['Quoting_User'],
      },
      { system: 'salesforce-inbox' },
      { system: 'linkedin-sales-insights', role: 'User' },
      { system: 'chorus', role: 'Sales Rep', team: 'Enterprise Americas', licenceType: 'Recorder' },
      { system: 'clari', role: 'Rep' },
    ]);
    expect(role.otherTeams).toEqual([
      { team: 'marketing-ops', label: 'mktg::to do', tasks: [expect.stringContaining('Outreach')] },
    ]);
  });

  it('gives Recorder in Chorus everywhere, in EMEA and JAPAC after the course, and never in Public Sector', () => {
    const licence = (department: string, region: (typeof REGIONS)[number]) =>
      of(department, 'Account Executive', null, region).entitlements.find(({ system }) => system === 'chorus')
        ?.licenceType;
    expect(REGIONS.map((region) => licence('Commercial Sales', region))).toEqual([
      'Recorder',
      'Recorder',
      'Recorder',
    ]);
    expect(
      REGIONS.map((region) =>
        baselineTasks(
          of('Commercial Sales', 'Account Executive', null, region).entitlements,
          handbook.systems,
          region,
        ).flatMap(({ id, entitlement: { licenceType } }) =>
          id.startsWith('chorus/') ? [`${id} ${licenceType ?? ''}`.trim()] : [],
        ),
      ),
    ).toEqual([
      ['chorus/person Recorder'],
      ['chorus/person Listener', 'chorus/course', 'chorus/upgrade Recorder'],
      ['chorus/person Listener', 'chorus/course', 'chorus/upgrade Recorder'],
    ]);
    expect(REGIONS.map((region) => licence('Public Sector', region))).toEqual([
      'Listener',
      'Listener',
      'Listener',
    ]);
  });

  it('unites the templates of role and specialty without doubles; the specialty is the narrower', () => {
    const role = of('Enterprise Sales', 'Account Executive', 'Strategic', 'EMEA');
    expect(role.templates).toHaveLength(2);
    expect(role.digest).toBe(role.templates.map(({ digest }) => digest).join('+'));
    expect(role.entitlements.map(({ system }) => system)).toEqual([
      'salesforce',
      'salesforce-inbox',
      'linkedin-sales-insights',
      'chorus',
      'clari',
    ]);
    expect(role.entitlements.find(({ system }) => system === 'salesforce')).toEqual({
      system: 'salesforce',
      profile: 'Sales User',
      role: 'Enterprise AE - EMEA',
      permissionSets: ['Gainsight_NXT', 'Quoting_User'],
    });
    expect(role.entitlements.find(({ system }) => system === 'chorus')?.team).toBe(
      'Enterprise Strategic EMEA',
    );
    expect(role.otherTeams).toHaveLength(1);
    expect(role.otherTeams[0]?.tasks).toHaveLength(2);
  });

  it('uses the one template that there is of role and specialty', () => {
    const templates = handbook.templates.filter(({ path }) => path.endsWith('_strategic.yml'));
    const role = resolveRole(
      { ...handbook, templates },
      { ...person('Enterprise Sales', 'AE', 'Strategic'), region: 'EMEA' },
    );
    expect(role.kind === 'found' && role.templates).toEqual(templates);
  });

  it('is not born approved once the template differs from what was approved', () => {
    expect(of('Public Sector', 'Account Executive', null, 'Americas').bornApproved).toBe(false);
    const templates = handbook.templates.map((template) => ({ ...template, approval: null }));
    const role = resolveRole(
      { ...handbook, templates },
      { ...person('Channel', 'Channel Manager'), region: 'EMEA' },
    );
    expect(role).toMatchObject({ kind: 'found', bornApproved: false });
  });

  it('leaves SOX systems out and says which', () => {
    const systems = handbook.systems.map((system) =>
      system.key === 'clari' ? { ...system, sox: true } : system,
    );
    const role = resolveRole(
      { ...handbook, systems },
      { ...person('Channel', 'Channel Manager'), region: 'EMEA' },
    );
    expect(role).toMatchObject({ kind: 'found', strippedSox: ['clari'] });
    expect(role.kind === 'found' && role.entitlements.some(({ system }) => system === 'clari')).toBe(false);
  });

  it('names every path that was looked for where there is no template', () => {
    expect(resolveRole(handbook, { ...person('Legal', 'Counsel', 'Privacy'), region: 'EMEA' })).toEqual({
      kind: 'none',
      paths: [file('legal', 'counsel'), file('legal', 'counsel_privacy')],
    });
  });
});

describe('uniting', () => {
  const bySystem = (list: readonly Entitlement[]) => [...list].sort((a, b) => (a.system < b.system ? -1 : 1));
  const systems = ['salesforce', 'chorus', 'clari', 'ringlead'];
  const sets = fc.subarray(['A', 'B', 'C']).map((names) => [...names].sort());
  /** Lists that agree where both name a system: role by system, permission sets at will. */
  const list = fc
    .uniqueArray(fc.record({ system: fc.constantFrom(...systems), permissionSets: sets }), {
      selector: ({ system }) => system,
    })
    .map((all) =>
      all.map((one): Entitlement => ({
        system: one.system,
        role: `role of ${one.system}`,
        ...(one.permissionSets.length > 0 ? { permissionSets: one.permissionSets } : {}),
      })),
    );

  it('names each system once', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const united = uniteEntitlements([a, b]).map(({ system }) => system);
        expect([...united].sort()).toEqual([...new Set([...a, ...b].map(({ system }) => system))].sort());
      }),
    );
  });

  it('is idempotent, and commutative where the lists agree', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(uniteEntitlements([a, a])).toEqual(a);
        expect(bySystem(uniteEntitlements([a, b]))).toEqual(bySystem(uniteEntitlements([b, a])));
        expect(uniteEntitlements([uniteEntitlements([a, b]), b])).toEqual(uniteEntitlements([a, b]));
      }),
    );
  });

  it('names each task of another team once', () => {
    const section = { team: 'it', label: null, tasks: ['laptop', 'badge'] };
    expect(uniteSections([[section], [section, { ...section, tasks: ['desk', 'badge'] }]])).toEqual([
      { team: 'it', label: null, tasks: ['laptop', 'badge', 'desk'] },
    ]);
  });
});
