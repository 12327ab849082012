import type { FormAccess, FormReading } from '../../src/domain/form';
import { readForm } from '../../src/domain/form-reader';
import { renderTemplate } from '../../src/domain/form-template';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const MOST = { mostPeople: 5000 };
const read = (text: string): FormReading => {
  const reading = readForm(text, handbook.systems, MOST);
  if (!reading) throw new Error('no request');
  return reading;
};
const template = (file: string): string => {
  const found = handbook.issueTemplates.find((one) => one.file === file);
  if (!found) throw new Error(`no ${file}`);
  return renderTemplate(found.text, handbook);
};
/** Replaces what stands in a template exactly once. */
const fill = (text: string, edits: Readonly<Record<string, string>>): string =>
  Object.entries(edits).reduce((now, [from, to]) => {
    if (now.split(from).length !== 2) throw new Error(`"${from}" doesn't stand once`);
    return now.replace(from, () => to);
  }, text);
const expected = (reading: FormReading): string =>
  reading.problems.map((problem) => problem.expected).join('\n');

const access = (of: Partial<FormAccess> & { system: string }): object => ({
  verb: 'grant',
  sameAs: null,
  environment: null,
  ...of,
});

describe('a template as the project publishes it', () => {
  test.each(['single_person.md', 'bulk.md', 'access_change.md'])(
    '%s that nobody filled in asks for nothing, and says what is missing',
    (file) => {
      const reading = read(template(file));
      expect(reading).toMatchObject({ people: [], access: [], until: null, justification: null });
      expect(expected(reading)).toMatch(/At least one system/);
      expect(reading.problems.every(({ line }) => line === null)).toBe(true);
    },
  );

  test('for one person is read with what was filled in, ticked or not', () => {
    const reading = read(
      fill(template('single_person.md'), {
        '- Name:': '- Name: Ann Example',
        '- E-mail:': '- E-mail: ann@x.example',
        "- Manager's e-mail:": "- Manager's e-mail: boss@x.example",
        '- [ ] RingLead: role:': '- [ ] RingLead: role: user',
        '- [ ] Salesforce Inbox': '- [x] Salesforce Inbox',
        '## Justification': '## Justification\n\nMoves to the routing team.',
        '## Until': '## Until\n\n2026-12-31',
      }),
    );
    expect(reading).toMatchObject({
      kind: 'single',
      people: [{ name: 'Ann Example', email: 'ann@x.example', managerEmail: 'boss@x.example' }],
      access: [
        access({ system: 'salesforce-inbox', entitlement: { system: 'salesforce-inbox' } }),
        access({ system: 'ringlead', entitlement: { system: 'ringlead', role: 'User' } }),
      ],
      until: '2026-12-31',
      justification: 'Moves to the routing team.',
      problems: [],
    });
  });

  test('for yourself needs no person', () => {
    const reading = read(
      fill(template('single_person.md'), { '- [ ] Clari: role:': '- [x] Clari: role: Rep' }),
    );
    expect(reading).toMatchObject({ kind: 'single', people: [], problems: [] });
  });

  test('ticked without the role is asked back, with the line and the roles that there are', () => {
    const reading = read(fill(template('single_person.md'), { '- [ ] RingLead': '- [x] RingLead' }));
    expect(reading.access).toEqual([]);
    expect(reading.problems).toMatchObject([
      {
        quoted: expect.stringMatching(/^- \[x\] RingLead: role:/),
        expected: 'Name the role for RingLead: one of User, Admin.',
      },
    ]);
  });

  test('"none" behind a system that is offered asks for nothing', () => {
    const reading = read(
      fill(template('single_person.md'), {
        '- [ ] RingLead: role:': '- [ ] RingLead: role: none',
        '- [ ] Clari: role:': '- [ ] Clari: role: Rep',
      }),
    );
    expect(reading).toMatchObject({ access: [{ system: 'clari' }], problems: [] });
  });

  test('for many takes a table of people', () => {
    const reading = read(
      fill(template('bulk.md'), {
        '|        |      |                  |':
          '| ann@x.example | Ann Example | boss@x.example |\n| bob@x.example | Bob Example | boss@x.example |',
        '- [ ] Clari: role:': '- [x] Clari: role: Rep',
      }),
    );
    expect(reading).toMatchObject({
      kind: 'bulk',
      people: [{ email: 'ann@x.example' }, { email: 'bob@x.example', name: 'Bob Example' }],
      access: [{ system: 'clari' }],
      problems: [],
    });
  });

  test('for many takes an attached CSV in place of the table', () => {
    const path = `/uploads/${'0123456789abcdef'.repeat(2)}/people.csv`;
    const filled = (link: string): FormReading =>
      read(
        fill(template('bulk.md'), {
          '## People': `## People\n\n${link}`,
          '- [ ] Clari: role:': '- [x] Clari: role: Rep',
        }),
      );
    expect(filled(`[people.csv](${path})`)).toMatchObject({ kind: 'bulk', attachment: path, problems: [] });
    expect(filled(`[people.xlsx](${path.replace('csv', 'xlsx')})`)).toMatchObject({
      attachment: null,
      problems: [{ expected: expect.stringMatching(/save the sheet as CSV/) }],
    });
    expect(expected(filled(`[people.csv](https://other.example${path})`))).toMatch(
      /attached to this issue itself/,
    );
  });

  test('for a change takes more, less and none apart', () => {
    const reading = read(
      fill(template('access_change.md'), {
        '- [ ] RingLead: role:': '- [x] RingLead: role: User',
        '- [ ] Chorus <!-- offered -->': '- [x] Chorus <!-- offered -->',
      }),
    );
    expect(reading).toMatchObject({
      kind: 'change',
      access: [
        access({ system: 'ringlead', verb: 'change', entitlement: { system: 'ringlead', role: 'User' } }),
        access({ system: 'chorus', verb: 'remove', entitlement: { system: 'chorus' } }),
      ],
      problems: [],
    });
  });
});

describe('a line about a system', () => {
  const SALESFORCE = { role: 'Enterprise AE - Americas', profile: 'Sales User' };
  const cases: Record<string, [string, object[]]> = {
    'as the handbook writes it': [
      '- [ ] Salesforce: profile Sales User, role Enterprise AE - Americas, permission sets A and B',
      [
        access({
          system: 'salesforce',
          entitlement: { system: 'salesforce', ...SALESFORCE, permissionSets: ['A', 'B'] },
        }),
      ],
    ],
    'with colons': [
      '- SFDC: Role: Enterprise AE - Americas; Profile: Sales User',
      [access({ system: 'salesforce', entitlement: { system: 'salesforce', ...SALESFORCE } })],
    ],
    'with a dash and the words behind': [
      '* **salesforce** – `Sales User` profile, Enterprise AE - Americas role',
      [access({ system: 'salesforce', entitlement: { system: 'salesforce', ...SALESFORCE } })],
    ],
    'with a bare value': [
      '1. Ringlead: User',
      [access({ system: 'ringlead', entitlement: { system: 'ringlead', role: 'User' } })],
    ],
    'with "and" between': [
      '- Salesforce: Sales User profile and role Enterprise AE - Americas',
      [access({ system: 'salesforce', entitlement: { system: 'salesforce', ...SALESFORCE } })],
    ],
    'in no case of its own': [
      '+ [X] RING LEAD : ADMIN',
      [access({ system: 'ringlead', entitlement: { system: 'ringlead', role: 'Admin' } })],
    ],
    'two systems': [
      '- RingLead: User; Clari: Rep',
      [
        access({ system: 'ringlead' }),
        access({ system: 'clari', entitlement: { system: 'clari', role: 'Rep' } }),
      ],
    ],
    'a licence type known by its name': [
      '- Chorus: role Rep, team EMEA, recorder',
      [
        access({
          system: 'chorus',
          entitlement: { system: 'chorus', role: 'Rep', team: 'EMEA', licenceType: 'Recorder' },
        }),
      ],
    ],
    'the same as a colleague': [
      '- Chorus: same as a colleague',
      [access({ system: 'chorus', sameAs: 'a colleague', entitlement: { system: 'chorus' } })],
    ],
    'as somebody has it': ['- Clari: as Jane Doe', [access({ system: 'clari', sameAs: 'Jane Doe' })]],
    'like somebody, by user name': ['- Clari like @jane', [access({ system: 'clari', sameAs: '@jane' })]],
    'a sandbox': [
      '- Salesforce (full sandbox): role A, profile B',
      [access({ system: 'salesforce', environment: 'full sandbox' })],
    ],
    'production, which is meant anyway': [
      '- Clari: Rep, production',
      [access({ system: 'clari', environment: null })],
    ],
    'more of it below': [
      '- Chorus:\n  - Role: Rep\n  - Team: EMEA\n  - License type: Listener',
      [
        access({
          system: 'chorus',
          entitlement: { system: 'chorus', role: 'Rep', team: 'EMEA', licenceType: 'Listener' },
        }),
      ],
    ],
    'what goes on in the next line': [
      '- Salesforce: profile Sales User,\n  role Enterprise AE - Americas',
      [access({ system: 'salesforce', entitlement: { system: 'salesforce', ...SALESFORCE } })],
    ],
    'a table': [
      '## People\n- ann@x.example\n## Access\n| System | Role | Team |\n|---|---|---|\n| RingLead | User | |\n| Clari | Rep | |',
      [access({ system: 'ringlead' }), access({ system: 'clari' })],
    ],
    'said twice the same': ['- Clari: Rep\n- clari: role: Rep', [access({ system: 'clari' })]],
    'that is struck out, quoted, in a code block or in a comment': [
      '- Clari: Rep\n- ~~RingLead: Admin~~\n> - Chorus: x\n```\n- Chorus: x\n```\n<!--\n- RingLead: Admin\n-->\n- [~] DataFox: Member',
      [access({ system: 'clari' })],
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [text, asked]) => {
    const reading = read(text);
    expect(reading.problems).toEqual([]);
    expect(reading.access).toMatchObject(asked);
    expect(reading.access).toHaveLength(asked.length);
  });

  test('"Remove" and "none" take everything away; only removals are a change', () => {
    for (const text of [
      '- RingLead: remove',
      '- RingLead: none',
      '- Remove RingLead',
      '- [x] revoke access to ringlead',
    ]) {
      expect(read(text)).toMatchObject({
        kind: 'change',
        access: [access({ system: 'ringlead', verb: 'remove', entitlement: { system: 'ringlead' } })],
        problems: [],
      });
    }
  });

  test('the justification below it is kept, and nothing else', () => {
    const reading = read(
      '- [ ] Clari: Rep\n  - Justification for this access: closes the quarter\n- RingLead: User because I route leads, many',
    );
    expect(reading).toMatchObject({
      justification: 'closes the quarter\nI route leads, many',
      access: [{ entitlement: { role: 'Rep' } }, { entitlement: { role: 'User' } }],
    });
  });

  const questions: Record<string, [string, RegExp]> = {
    'no role': [
      '- [x] Salesforce: profile Sales User',
      /Name the role for Salesforce, such as "Salesforce: role: …, profile: …"/,
    ],
    'no role, of those that are known': ['- [x] RingLead', /one of User, Admin/],
    'two roles': ['- RingLead: role User, role Admin', /Name one role for RingLead/],
    'two roles in one': [
      '- RingLead: role: User / admin',
      /Name one role for RingLead: "User \/ admin" names several/,
    ],
    'a system in the middle of a sentence': [
      '## Person\n## Access\nI also need Chorus.',
      /Put "Chorus: …" at the beginning of a line/,
    ],
    'a licence type that does not exist': [
      '- Chorus: role Rep, team A, licence type Gold',
      /one of Recorder, Listener/,
    ],
    'several values of which nobody knows what they are': ['- Chorus: Rep, EMEA, West', /Say what "EMEA" is/],
    'a system twice with different values': [
      '- Clari: Rep\n- Clari: Manager',
      /Clari stands here a second time/,
    ],
    'a role and its removal': ['- RingLead: User, remove', /write only "RingLead: remove"/],
    'a duration': ['- Clari: Rep for 7 days', /as a date of the form YYYY-MM-DD/],
    'a date that no calendar has': ['- Clari: Rep until 2026-02-30', /the calendar has no 2026-02-30/],
    'a date of another form': ['- Clari: Rep\n- Until: 31.12.2026', /YYYY-MM-DD/],
    'an end for one of two systems': [
      '- Clari: Rep until 2026-12-31\n- RingLead: User',
      /One last day holds for the whole request/,
    ],
    'two ends': ['- Clari: Rep until 2026-12-31\n- RingLead: User until 2026-11-30', /One last day/],
    'a name without an address': [
      '## Person\n- Name: Jane Doe\n## Access\n- Clari: Rep',
      /Write the e-mail address of this person too/,
    ],
    'an address that is none': [
      '## Person\n- E-mail: jane\n## Access\n- Clari: Rep',
      /A whole e-mail address/,
    ],
    'a formula for a name': [
      '## Person\n- Name: =HYPERLINK("x")\n- E-mail: a@x.example\n## Access\n- Clari: Rep',
      /may not begin with =/,
    ],
    'a system that nobody owns': [
      '## Person\n## Access\n- Chrous: Rep',
      /No system is called "Chrous"\. Did you mean Chorus\?/,
    ],
    'a system with no like': [
      '## Person\n## Access\n- [ ] Jenkins: admin',
      /No system is called "Jenkins"\. There are: Salesforce,/,
    ],
    'nobody in a bulk request': [
      '<!-- daytwo:form:bulk -->\n## Access\n- Clari: Rep',
      /The people stand below the heading "People"/,
    ],
  };
  test.each(Object.entries(questions))('%s is asked back', (_, [text, question]) => {
    const { problems } = read(text);
    expect(problems.map((problem) => problem.expected).join('\n')).toMatch(question);
    for (const { line, quoted } of problems)
      if (line !== null) expect(text.split('\n')[line - 1]).toContain(quoted.replace(/…$/, ''));
  });

  test('an end that all lines name holds for the request', () => {
    expect(read('- Clari: Rep until 2026-12-31\n- RingLead: User, until 2026-12-31')).toMatchObject({
      until: '2026-12-31',
      problems: [],
    });
    expect(read('- Clari: Rep\n- Until: for good')).toMatchObject({ until: null, problems: [] });
  });

  test('an admin role is known in any spelling', () => {
    for (const role of [
      'admin',
      'ADMIN',
      'Admin.',
      '\uff21dmin',
      'Ad\u200bmin',
      '"Admin"',
      '(admin)',
      'Admin rights',
    ])
      expect(read(`- RingLead: role: ${role}`).access).toMatchObject([{ entitlement: { role: 'Admin' } }]);
  });
});

test('what nobody sees on the issue is not read', () => {
  const text = [
    '## People',
    '| E-mail | Name |',
    '| --- | --- |',
    '| ann@x.example | Ann <!-- bob@x.example --> |',
    '<!-- | eve@x.example | Eve |',
    '[people.csv](/uploads/0123456789abcdef0123456789abcdef/people.csv) -->',
    '## Access',
    '- Clari: Rep <!-- ; RingLead: Admin -->',
  ].join('\n');
  expect(read(text)).toMatchObject({
    people: [{ email: 'ann@x.example', name: 'Ann' }],
    attachment: null,
    access: [{ system: 'clari', entitlement: { role: 'Rep' } }],
    problems: [],
  });
});

describe('what is no request', () => {
  test.each([
    '',
    'Salesforce is down since Monday, is anybody looking?',
    '# Notes\n\n- talk to Jane about Clari\n- [ ] order coffee\n\n## Access\n\nThe door code changes.',
    '- Salesforce is slow today',
    '| Day | Who |\n|---|---|\n| Mon | ann@x.example |',
    '<!-- daytwo:form:banana -->\nhello',
  ])('%j', (text) => {
    expect(readForm(text, handbook.systems, MOST)).toBeNull();
  });
});

describe('a text with several people', () => {
  test('is a bulk request, though it is none of the templates', () => {
    expect(
      read(
        'Please give these two:\n- Ann Example <ann@x.example>\n- bob@x.example\n\nAccess:\n- [ ] Clari: Rep',
      ),
    ).toMatchObject({
      kind: 'bulk',
      people: [
        { name: 'Ann Example', email: 'ann@x.example' },
        { name: null, email: 'bob@x.example' },
      ],
      access: [{ system: 'clari' }],
      problems: [],
    });
  });

  test('is a bulk request, though it was filed as one for a single person', () => {
    const text =
      '<!-- daytwo:form:single -->\n## Person\n- ann@x.example\n- bob@x.example\n## Access\n- Clari: Rep';
    expect(read(text)).toMatchObject({ kind: 'bulk', people: [{}, {}], problems: [] });
  });

  test('a person may be called like a system', () => {
    const text = '## People\n- Clari Smith <clari@x.example>\n## Access\n- RingLead: User';
    expect(read(text)).toMatchObject({ people: [{ name: 'Clari Smith' }], access: [{ system: 'ringlead' }] });
  });
});
