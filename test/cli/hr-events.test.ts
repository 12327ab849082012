import { readHrEvents, type HrVerb } from '../../src/cli/hr-events';

const read = (content: string | object, verb: HrVerb = 'hire') =>
  readHrEvents(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), verb);
const person = {
  employee_id: '104711',
  email: 'ada.private@example.com',
  name: 'Ada Private',
  title: 'Account Executive',
  department: 'Enterprise Sales',
  division: 'Sales',
  entity: 'Inc',
  country: 'US',
  region: 'Americas',
  time_zone: 'America/New_York',
  manager_email: 'grace.private@example.com',
  start_date: '2026-11-23',
};
const csv = (...people: Record<string, string | null>[]): string => {
  const names = Object.keys(people[0] ?? {});
  return [names, ...people.map((one) => names.map((name) => one[name] ?? ''))]
    .map((row) => row.join(','))
    .join('\n');
};

test('the verb says the type, and the content the id where there is none', () => {
  const [first] = read(person).events;
  expect(first?.event).toMatchObject({
    ...person,
    type: 'employee.hired',
    specialty: null,
    event_id: expect.stringMatching(/^by-hand-[0-9a-f]{32}$/),
  });
});

test('the same content has the same id in every form and order, so that it starts nothing twice', () => {
  const reversed = Object.fromEntries(Object.entries({ ...person, specialty: null }).reverse());
  const ids = [
    read({ ...person, specialty: null }),
    read(reversed),
    read(csv({ ...person, specialty: null })),
  ].map(({ events }) => events[0]?.event.event_id);
  expect(new Set(ids).size).toBe(1);
  expect(read({ ...person, start_date: '2026-11-24', specialty: null }).events[0]?.event.event_id).not.toBe(
    ids[0],
  );
});

test('an id that is given stays', () => {
  expect(read({ ...person, event_id: 'e-1' }).events[0]?.event.event_id).toBe('e-1');
});

test('every problem of every record is named with its place, value and mend, but never what is personal', () => {
  const { events, problems } = read(
    csv({ ...person, email: 'not-an-address', start_date: '2026-02-30' }, person, {
      ...person,
      employee_id: '../x',
      name: '',
    }),
  );
  expect(events.map(({ place }) => place)).toEqual(['line 3']);
  expect(problems).toEqual([
    { place: 'line 2', field: 'email', problem: "isn't an e-mail address", mend: expect.any(String) },
    {
      place: 'line 2',
      field: 'start_date',
      problem: "isn't a day of the calendar",
      value: '2026-02-30',
      mend: expect.any(String),
    },
    {
      place: 'line 4',
      field: 'employee_id',
      problem: expect.any(String),
      value: '../x',
      mend: expect.any(String),
    },
    { place: 'line 4', field: 'name', problem: 'is missing', mend: expect.any(String) },
  ]);
});

test('an empty cell of a hire says that there is none; of a change, that nothing changed', () => {
  expect(read(csv({ ...person, manager_email: null })).events[0]?.event).toMatchObject({
    manager_email: null,
  });
  const [change] = read('employee_id,start_date,manager_email,title\n104711,2026-12-01,,', 'change').events;
  expect(change?.event).toEqual({
    type: 'employee.changed',
    employee_id: '104711',
    start_date: '2026-12-01',
    event_id: expect.any(String),
  });
});

test('a leaving is read from CSV', () => {
  const [leaving] = read(
    'employee_id,kind,last_working_day,garden_leave_start,termination_date\n104711,voluntary,2026-12-31,,',
    'leave',
  ).events;
  expect(leaving?.event).toMatchObject({
    type: 'employee.leaving',
    kind: 'voluntary',
    last_working_day: '2026-12-31',
    garden_leave_start: null,
  });
});

test.each<[HrVerb, string, boolean]>([
  ['hire', 'employee.leaving', false],
  ['hire', 'employee.rescinded', false],
  ['change', 'employee.rescinded', true],
  ['leave', 'employee.rescinded', true],
])('%s with a record of type %s: taken %s', (verb, type, taken) => {
  const { events, problems } = read(
    { employee_id: '1', type, what: 'hire', kind: 'voluntary', last_working_day: '2026-12-31' },
    verb,
  );
  expect(events).toHaveLength(taken ? 1 : 0);
  expect(problems.map(({ field }) => field)).toEqual(taken ? [] : ['type']);
});

test('one person hired twice in a file, or one id for two contents, is named', () => {
  const twice = read([person, { ...person, start_date: '2026-11-24' }]);
  expect(twice.problems).toEqual([
    expect.objectContaining({ place: 'record 2', field: 'employee_id', value: '104711' }),
  ]);
  const reused = read([
    { ...person, event_id: 'e' },
    { ...person, employee_id: '2', event_id: 'e' },
  ]);
  expect(reused.problems).toEqual([
    expect.objectContaining({ place: 'record 2', field: 'event_id', value: 'e' }),
  ]);
  expect(read([person, person]).problems).toEqual([]);
});

test('a formula in a name stays text', () => {
  expect(read({ ...person, name: '=cmd|calc' }).events[0]?.event).toMatchObject({ name: '=cmd|calc' });
});

test('columns that nothing reads are noted, since one may be misspelt', () => {
  expect(read(csv({ ...person, 'E-Mail Adress': 'x' })).notes[0]).toContain('e_mail_adress');
});

test.each(['"text"', '[1]', '[[]]', '[null]'])('%s is no event', (text) => {
  const { events, problems } = read(text === '"text"' ? 'text\n' : text);
  expect(events).toEqual([]);
  expect(problems).not.toEqual([]);
});
