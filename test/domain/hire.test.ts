import fc from 'fast-check';
import type { IssueRef } from '../../src/domain/access-request';
import { Hire, hireDetails, type HireStep } from '../../src/domain/hire';
import type {
  ChangedEvent,
  HiredEvent,
  HrEvent,
  LeavingEvent,
  RescindedEvent,
} from '../../src/domain/hr-event';
import { ada } from './request';

const hired: HiredEvent = { type: 'employee.hired', event_id: 'e1', ...ada };
const changed: ChangedEvent = {
  type: 'employee.changed',
  event_id: 'e2',
  employee_id: ada.employee_id,
  start_date: '2026-12-07',
  title: 'Account Executive',
};
const rescinded: RescindedEvent = {
  type: 'employee.rescinded',
  event_id: 'e3',
  employee_id: ada.employee_id,
  what: 'hire',
};
const leaving: LeavingEvent = {
  type: 'employee.leaving',
  event_id: 'e4',
  employee_id: ada.employee_id,
  kind: 'voluntary',
  last_working_day: '2027-01-29',
  garden_leave_start: null,
  termination_date: null,
};

function after(events: readonly HrEvent[]): Hire {
  const hire = new Hire(ada.employee_id, '2026-11-01T00:00:00.000Z');
  for (const event of events) hire.hear(event);
  return hire;
}
const seen = ({ facts, rescinded: gone, leaving: goes }: Hire) => ({ facts, gone, goes });

test.each<[string, readonly HrEvent[]]>([
  ['hired', [hired]],
  ['hired, changed', [hired, changed]],
  ['hired, rescinded', [hired, rescinded]],
  ['hired, changed, rescinded', [hired, changed, rescinded]],
  ['hired, changed, leaving', [hired, changed, leaving]],
])('%s: in any order, with any repeats, the same facts come out', (_what, events) => {
  const expected = seen(after(events));
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...events], { minLength: events.length }),
      fc.array(fc.constantFrom(...events)),
      (order, repeats) => {
        expect(seen(after([...order, ...repeats]))).toEqual(expected);
      },
    ),
  );
});

test('a change counts over the hire, and leaves what it does not name', () => {
  const { facts } = after([changed, hired]);
  expect(facts).toMatchObject({
    start_date: '2026-12-07',
    title: 'Account Executive',
    name: ada.name,
    region: ada.region,
  });
});

test('before the hire itself nothing is known of the person', () => {
  expect(after([changed]).facts).toBeNull();
});

test('a leaving that is taken back is none', () => {
  expect(after([hired, leaving, { ...rescinded, what: 'leaving' }]).leaving).toBeNull();
});

test('a repeated event is no news; every other one is', () => {
  const hire = after([hired]);
  const { version } = hire;
  hire.hear(hired);
  expect(hire.version).toBe(version);
  hire.hear(changed);
  expect(hire.version).toBe(version + 1);
});

test('an issue that somebody filed is handed out once', () => {
  const hire = after([hired]);
  hire.seeIssue('sales-ops/access-requests', 3);
  expect(hire.sawIssue).toBe(true);
  expect(hire.takeSeen()).toEqual([{ project: 'sales-ops/access-requests', iid: 3 }]);
  expect(hire.takeSeen()).toEqual([]);
  expect(hire.sawIssue).toBe(false);
});

test('only a handbook that differs from the one that was tried is worth another try', () => {
  const hire = after([hired]);
  expect(hire.configMoved('a')).toBe(false);
  hire.configIs('a');
  expect(hire.configMoved('a')).toBe(false);
  hire.configIs('b');
  expect(hire.configMoved('a')).toBe(true);
});

const issue: IssueRef = { project: 'people/employment', iid: 3, url: 'https://gitlab.example/3' };
const LINK = '[people/employment#3](https://gitlab.example/3)';

test.each<[string, HireStep, readonly string[]]>([
  ['nothing tried yet', { kind: 'new' }, ['only a change was heard of so far']],
  [
    'day two',
    { kind: 'wait', until: '2026-11-24T10:00:00.000Z' },
    ['**Waits for** day two, 2026-11-24T10:00:00.000Z'],
  ],
  [
    'a correction',
    { kind: 'needs_ops', problems: ['region is unknown'], ref: issue },
    ['a corrected HR event, on the provisioning DRIs', LINK, '- region is unknown'],
  ],
  [
    'a template',
    {
      kind: 'no_template',
      paths: ['roles/department_sales/role_x.yml'],
      onboarding: issue,
      since: '2026-11-24T10:00:00.000Z',
      remindAt: '2026-11-26T10:00:00.000Z',
      escalateAt: '2026-12-01T10:00:00.000Z',
      configDigest: 'd',
    },
    ['since 2026-11-24T10:00:00.000Z', LINK, '- `roles/department_sales/role_x.yml`'],
  ],
  ['a request filed by hand', { kind: 'filed_by_hand', ref: issue }, ['filed by hand', LINK]],
  ['its request', { kind: 'requested', ref: issue }, ['**Waits for** the access request', LINK]],
  ['nothing any more', { kind: 'repeat', ref: issue }, ['has had its access request already', LINK]],
])('an operator sees that it waits for %s, and neither name nor address', (_what, step, expected) => {
  const status = {
    kind: 'onboarding',
    employeeId: ada.employee_id,
    startDate: ada.start_date,
    step,
    rescinded: false,
    since: '',
  } as const;
  const text = hireDetails(status);
  for (const words of expected) expect(text).toContain(words);
  expect(text).toContain(`## Employee ${ada.employee_id}, starts ${ada.start_date}`);
  expect(text).not.toContain(ada.name);
  expect(text).not.toContain(ada.email);
  expect(hireDetails({ ...status, rescinded: true })).toContain('The hire was taken back');
});

test('an employee id that is more than an id makes no Markdown', () => {
  const text = hireDetails({
    kind: 'onboarding',
    employeeId: '1\n# [x](y)',
    startDate: null,
    step: { kind: 'new' },
    rescinded: false,
    since: '',
  });
  expect(text.split('\n')[0]).toBe('## Employee 1____x__y_');
});
