import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblems, loadHandbook, type Problem } from '../../src/handbook';
import { CONFIG, Copy } from './sample';

const ENTERPRISE = 'roles/department_enterprise_sales/role_account_executive.yml';
const STRATEGIC = 'roles/department_enterprise_sales/role_account_executive_strategic.yml';
const PUBSEC = 'roles/department_pubsec/role_account_executive.yml';
const SDR = 'roles/department_business_development/role_sales_development_representative.yml';

/** An edit that spoils the sample, and the problem that must be told of it: where (a text of its line), what, and how to mend it. */
interface Fault {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly problem: RegExp;
  readonly mend: RegExp;
  readonly value?: string;
}

const FAULTS: Record<string, Fault> = {
  'nobody of that name among those who approve lists of leavers': {
    file: 'policy.yml',
    from: 'approvals: 2, by: [amber, meri, pia-people, vera-vp]',
    to: 'approvals: 2, by: [amber, merri]',
    at: 'approvals: 2, by',
    problem: /nobody of that user name/,
    mend: /Did you mean meri\?/,
    value: 'merri',
  },
  'fewer people than must approve a list of leavers': {
    file: 'policy.yml',
    from: 'approvals: 2, by: [amber, meri, pia-people, vera-vp]',
    to: 'approvals: 2, by: [amber]',
    at: 'approvals: 2, by',
    problem: /names 1, but 2 must approve/,
    mend: /fewer approvals/,
  },
  'a team that is sent what is late, and that there is not': {
    file: 'policy.yml',
    from: 'weekday: monday, team: null',
    to: 'weekday: monday, team: sales-opps',
    at: 'team: sales-opps',
    problem: /unknown team/,
    mend: /Did you mean sales-ops\?/,
    value: 'sales-opps',
  },
  'an unknown system': {
    file: ENTERPRISE,
    from: '  salesforce-inbox: {}',
    to: '  salesforce-inbx: {}',
    at: 'salesforce-inbx',
    problem: /unknown system/,
    mend: /Did you mean salesforce-inbox\?/,
    value: 'salesforce-inbx',
  },
  'a role without the licence type that Chorus requires': {
    file: PUBSEC,
    from: '    licence_type: Listener\n',
    to: '',
    at: '  chorus:',
    problem: /chorus without licence_type/,
    mend: /Add licence_type/,
  },
  'a licence type that is not legal for the department': {
    file: PUBSEC,
    from: 'licence_type: Listener',
    to: 'licence_type: Recorder',
    at: 'licence_type: Recorder',
    problem: /not legal for account_executive of pubsec$/,
    mend: /Listener/,
    value: 'Recorder',
  },
  'a licence type that there is none of': {
    file: STRATEGIC,
    from: '    team: Enterprise Strategic {region}',
    to: '    licence_type: Recoder',
    at: 'Recoder',
    problem: /unknown licence type of chorus/,
    mend: /Did you mean Recorder\?/,
  },
  'a system whose dependency the role lacks': {
    file: SDR,
    from: '  salesforce:\n    profile: Sales User\n    role: SDR - {region}\n',
    to: '',
    at: '  leandata:',
    problem: /leandata needs salesforce, which the role doesn't get$/,
    mend: /Add salesforce/,
  },
  'a SOX system in a template': {
    file: 'systems.yml',
    from: '    tier: 2\n    sox: false',
    to: '    tier: 2\n    sox: true',
    at: '',
    problem: /a SOX system stands in no template/,
    mend: /request with approvals of its own/,
  },
  'a misspelt key': {
    file: ENTERPRISE,
    from: '    profile: Sales User',
    to: '    profile: Sales User\n    permision_sets: [A]',
    at: 'permision_sets',
    problem: /unknown key/,
    mend: /Did you mean permission_sets\?/,
    value: 'permision_sets',
  },
  'an unknown label': {
    file: ENTERPRISE,
    from: "label: 'mktg::to do'",
    to: "label: 'mktg::todo'",
    at: 'mktg::todo',
    problem: /unknown label/,
    mend: /Did you mean mktg::to do\?/,
  },
  'an unknown team in a template': {
    file: ENTERPRISE,
    from: 'team: marketing-ops',
    to: 'team: marketing-op',
    at: 'team: marketing-op',
    problem: /unknown team/,
    mend: /marketing-ops/,
  },
  'an approval by somebody who may not': {
    file: ENTERPRISE,
    from: 'by: [vera-vp]',
    to: 'by: [mo-mktg]',
    at: 'mo-mktg',
    problem: /may not approve templates/,
    mend: /template_approvers/,
    value: 'mo-mktg',
  },
  'a placeholder that nothing fills in': {
    file: ENTERPRISE,
    from: 'team: Enterprise {region}',
    to: 'team: Enterprise {regoin}',
    at: '{regoin}',
    problem: /nothing is filled in there/,
    mend: /\{region\}/,
  },
  'one deprovisioner only': {
    file: 'systems.yml',
    from: 'deprovisioners: { people: [ines-systems, tom-systems, amber, meri] }',
    to: 'deprovisioners: { people: [ines-systems] }',
    at: 'deprovisioners: { people: [ines-systems] }',
    problem: /fewer than two deprovisioners/,
    mend: /at least two people/,
    value: 'ines-systems',
  },
  'a provisioner nobody knows': {
    file: 'systems.yml',
    from: 'provisioners: { people: [ines-systems, tom-systems, amber, meri] }\n    deprov',
    to: 'provisioners: { people: [ines-system, amber, meri] }\n    deprov',
    at: 'people: [ines-system, amber',
    problem: /unknown person/,
    mend: /Did you mean ines-systems\?/,
  },
  'a loop in the dependencies': {
    file: 'systems.yml',
    from: 'tier: 1\n    sox: false\n    depends_on: []',
    to: 'tier: 1\n    sox: false\n    depends_on: [clari]',
    at: 'depends_on: [clari]',
    problem: /in a loop: salesforce → clari → salesforce/,
    mend: /Take one of these/,
  },
  'an alias of two systems': {
    file: 'systems.yml',
    from: 'aliases: [Datafox]',
    to: 'aliases: [datafox, LSI]',
    at: 'aliases: [datafox, LSI]',
    problem: /means linkedin-sales-insights already/,
    mend: /names of its own/,
    value: 'LSI',
  },
  'a way that there is none of': {
    file: 'systems.yml',
    from: 'kind: salesforce-package',
    to: 'kind: salesforce-pakage',
    at: 'salesforce-pakage',
    problem: /unknown kind/,
    mend: /Did you mean salesforce-package\?/,
  },
  'a step with an unknown placeholder': {
    file: 'systems.yml',
    from: 'enter {emails}, click',
    to: 'enter {mails}, click',
    at: '{mails}',
    problem: /nothing is filled in/,
    mend: /Did you mean \{emails\}\?/,
  },
  'a DRI who is no member of the team': {
    file: 'people.yml',
    from: 'provisioning_dris: [amber, meri]',
    to: 'provisioning_dris: [amber, mo-mktg]',
    at: 'provisioning_dris: [amber',
    problem: /DRI who is no member of sales-ops/,
    mend: /name a member/,
    value: 'mo-mktg',
  },
  'a DRI nobody knows': {
    file: 'people.yml',
    from: 'provisioning_dris: [amber, meri]',
    to: 'provisioning_dris: [amber, merri]',
    at: 'provisioning_dris: [amber',
    problem: /unknown person/,
    mend: /Did you mean meri\?/,
  },
  'a time zone that there is none of': {
    file: 'people.yml',
    from: 'Europe/Berlin',
    to: 'Europe/Berln',
    at: 'Europe/Berln',
    problem: /not a time zone/,
    mend: /IANA/,
    value: 'Europe/Berln',
  },
  'an offset instead of a zone': {
    file: 'people.yml',
    from: 'time_zone: Europe/Berlin',
    to: "time_zone: '+01:00'",
    at: "'+01:00'",
    problem: /not a time zone/,
    mend: /IANA/,
  },
  'a country without a calendar': {
    file: 'people.yml',
    from: 'country: DE',
    to: 'country: AT',
    at: 'country: AT',
    problem: /no calendar/,
    mend: /calendars\/AT.yml/,
    value: 'AT',
  },
  'managers above each other': {
    file: 'people.yml',
    from: '    email: vera.castellanos@daytwo.example\n    manager: null',
    to: '    email: vera.castellanos@daytwo.example\n    manager: dana-manager',
    at: 'manager: dana-manager',
    problem: /managers in a loop: (vera-vp → dana-manager → vera-vp|dana-manager → vera-vp → dana-manager)/,
    mend: /topmost/,
  },
  'the same user name twice': {
    file: 'people.yml',
    from: 'username: ivan-it',
    to: 'username: MO-mktg',
    at: 'username: MO-mktg',
    problem: /the same username twice/,
    mend: /once/,
  },
  'a number that is missing': {
    file: 'policy.yml',
    from: '    seat_retry_minutes: 60\n',
    to: '',
    at: 'effective_from: 2026-01-01',
    problem: /seat_retry_minutes is missing/,
    mend: /Add seat_retry_minutes: a number/,
  },
  'an hour that there is none of': {
    file: 'policy.yml',
    from: "utc_time: '18:00'",
    to: "utc_time: '24:00'",
    at: "'24:00'",
    problem: /not a time of day/,
    mend: /'09:30'/,
    value: '24:00',
  },
  'an approval that counts without sign-in': {
    file: 'policy.yml',
    from: 'signed_in_channels: [gitlab, console]',
    to: 'signed_in_channels: [gitlab, signal]',
    at: 'signed_in_channels',
    problem: /isn't known/,
    mend: /gitlab, console/,
    value: 'signal',
  },
  'an escalation before the reminder': {
    file: 'policy.yml',
    from: 'escalation_business_days: 5',
    to: 'escalation_business_days: 2',
    at: 'escalation_business_days',
    problem: /not later than the reminder/,
    mend: /later/,
  },
  'a number written as a text': {
    file: 'policy.yml',
    from: 'seat_retry_minutes: 60',
    to: "seat_retry_minutes: '60'",
    at: 'seat_retry_minutes',
    problem: /is not a number/,
    mend: /a number/,
    value: '60',
  },
  'an alias of a label that is missing': {
    file: 'labels.yml',
    from: "'SaelsOpsAR::In Progress': 'SalesOpsAR::In Progress'",
    to: "'SaelsOpsAR::In Progress': 'SalesOpsAR::InProgress'",
    at: 'SaelsOpsAR',
    problem: /unknown label/,
    mend: /Did you mean SalesOpsAR::In Progress\?/,
  },
  'a label that states need': {
    file: 'labels.yml',
    from: "name: 'SalesOpsAR::On Hold'",
    to: "name: 'SalesOpsAR::Holding'",
    at: 'labels:',
    problem: /moved by is missing/,
    mend: /Add it/,
    value: 'SalesOpsAR::On Hold',
  },
  'green lights of one scope': {
    file: 'labels.yml',
    from: "finance: 'Finance::Green Light'",
    to: "finance: 'Deal Desk::Green Light'",
    at: "finance: 'Deal Desk",
    problem: /would replace Deal Desk::Green Light/,
    mend: /scope of its own/,
  },
  'a day that the calendar lacks': {
    file: 'calendars/GB.yml',
    from: 'date: 2026-12-28',
    to: 'date: 2026-02-30',
    at: '2026-02-30',
    problem: /not a date of the calendar/,
    mend: /YYYY-MM-DD/,
    value: '2026-02-30',
  },
  'the same holiday twice': {
    file: 'calendars/GB.yml',
    from: 'date: 2026-12-28',
    to: 'date: 2026-12-25',
    at: 'Boxing Day, substitute day',
    problem: /the same day twice/,
    mend: /Keep one/,
  },
  'a key twice': {
    file: ENTERPRISE,
    from: '  clari:\n    role: Rep',
    to: '  clari:\n    role: Rep\n    role: Manager',
    at: 'role: Manager',
    problem: /same key stands here twice/,
    mend: /Keep one/,
  },
  'a tab as indentation': {
    file: ENTERPRISE,
    from: '  clari:\n    role: Rep',
    to: '  clari:\n\t\trole: Rep',
    at: '\t\trole',
    problem: /a tab as indentation/,
    mend: /spaces/,
  },
  'an open bracket': {
    file: ENTERPRISE,
    from: '[Quoting_User]',
    to: '[Quoting_User',
    at: 'salesforce-inbox',
    problem: /not YAML/,
    mend: /brackets/,
  },
  'a line break in a label': {
    file: 'labels.yml',
    from: 'name: NewAccessRequest',
    to: 'name: "New\\nAccess"',
    at: 'New\\nAccess',
    problem: /line break/,
    mend: /one line/,
  },
  'an alias that means two titles': {
    file: 'roles/naming.yml',
    from: 'channel_manager: [',
    to: 'channel_manager: [AE, ',
    at: 'channel_manager',
    problem: /stands for account_executive already/,
    mend: /one place/,
    value: 'AE',
  },
};

describe('config check', () => {
  let copy: Copy;
  beforeEach(() => (copy = new Copy()));
  afterEach(() => copy.remove());

  const problems = (): readonly Problem[] => {
    const loaded = loadHandbook(copy.dir);
    return loaded.ok ? [] : loaded.problems;
  };
  const told = (fault: Fault): unknown =>
    expect.objectContaining({
      problem: expect.stringMatching(fault.problem),
      mend: expect.stringMatching(fault.mend),
      ...(fault.value === undefined ? {} : { value: fault.value }),
      ...(fault.at === '' ? {} : { file: fault.file, line: copy.line(fault.file, fault.at) }),
    });

  it('passes the sample handbook, and warns only of the template that was changed after its approval', () => {
    const loaded = loadHandbook(CONFIG);
    expect(loaded).toMatchObject({ ok: true });
    expect(loaded.ok && loaded.warnings.map(({ file }) => file)).toEqual([PUBSEC]);
  });

  it.each(Object.entries(FAULTS))('names %s with its file, line and mend', (_, fault) => {
    copy.replace(fault.file, fault.from, fault.to);
    expect(problems()).toContainEqual(told(fault));
  });

  it.each([
    ['[Americas, EMEA]', 'in EMEA'],
    ['[Americas, EMEA, JAPAC]', 'in EMEA and JAPAC'],
  ])('names a licence type that no course leads to in a region: outside %s it does', (regions, where) => {
    copy.replace('systems.yml', 'except_regions: [Americas]', `except_regions: ${regions}`);
    expect(problems()).toContainEqual(
      expect.objectContaining({
        file: SDR,
        line: copy.line(SDR, 'licence_type: Recorder'),
        problem: expect.stringMatching(new RegExp(`not legal for .* ${where}$`)),
        mend: expect.stringMatching(/Listener/),
        value: 'Recorder',
      }),
    );
  });

  it('tells of a single fault once, and of nothing else', () => {
    for (const name of [
      'an unknown system',
      'a time zone that there is none of',
      'a DRI nobody knows',
      'a licence type that is not legal for the department',
    ]) {
      const fault = FAULTS[name];
      if (!fault) throw new Error(`no fault ${name}`);
      const own = new Copy();
      own.replace(fault.file, fault.from, fault.to);
      const loaded = loadHandbook(own.dir);
      own.remove();
      expect(loaded.ok ? [] : loaded.problems.map(({ problem }) => problem)).toEqual([
        expect.stringMatching(fault.problem),
      ]);
    }
  });

  it('reports the problems of all files at once', () => {
    const together = [
      'an unknown label',
      'an unknown system',
      'a role without the licence type that Chorus requires',
      'one deprovisioner only',
      'a loop in the dependencies',
      'a way that there is none of',
      'a DRI who is no member of the team',
      'a time zone that there is none of',
      'an hour that there is none of',
      'an alias of a label that is missing',
      'a day that the calendar lacks',
      'an alias that means two titles',
    ].map((name) => FAULTS[name]);
    for (const fault of together) if (fault) copy.replace(fault.file, fault.from, fault.to);
    const found = problems();
    for (const fault of together) {
      if (!fault) throw new Error('a fault without a table entry');
      expect(found).toContainEqual(told(fault));
    }
  });

  it('names two versions of the policy from the same date, and versions out of order', () => {
    const version = copy.text('policy.yml').split('versions:\n')[1] ?? '';
    copy.write(
      'policy.yml',
      `versions:\n${version}\n${version}\n${version.replace('2026-01-01', '2025-07-01')}`,
    );
    expect(problems().map(({ problem, value }) => [problem, value])).toEqual([
      ['two versions in force from the same date', '2026-01-01'],
      ['stands after the version of 2026-01-01', '2025-07-01'],
    ]);
  });

  it.each([
    ['roles/department_pubsec/role_senior_account_executive.yml', 'role_account_executive.yml'],
    ['roles/department_pubsec/account_executive.yml', 'role_<job_title>.yml'],
    ['roles/department_pubsec/role_account_executive.yaml', 'role_<job_title>.yml'],
    ['roles/department_pubsec/role_AE.yml', 'role_account_executive.yml'],
  ])('names a template that no title would find: %s', (name, mend) => {
    renameSync(join(copy.dir, PUBSEC), join(copy.dir, name));
    expect(problems()).toContainEqual(
      expect.objectContaining({ file: name, mend: expect.stringContaining(mend) }),
    );
  });

  it('names a file that is missing, and nothing that only follows from it', () => {
    rmSync(join(copy.dir, 'people.yml'));
    expect(problems()).toEqual([
      expect.objectContaining({ file: 'people.yml', line: 1, problem: "can't be read (ENOENT)" }),
    ]);
  });

  it('names a folder that is missing', () => {
    const loaded = loadHandbook(join(copy.dir, 'nowhere'));
    expect(loaded.ok ? [] : loaded.problems).toContainEqual(
      expect.objectContaining({ mend: expect.stringContaining('DAYTWO_CONFIG_DIR') }),
    );
  });

  it('prints file:line:column first, and no control characters of the files', () => {
    const text = formatProblems([
      {
        file: 'a.yml',
        line: 3,
        column: 5,
        value: 'x\u001b[31m\u202e',
        problem: 'unknown system',
        mend: 'Did you mean y?',
      },
    ]);
    expect(text).toBe('a.yml:3:5  unknown system: "x\\u{1b}[31m\\u{202e}"\n    Did you mean y?\n');
  });
});
