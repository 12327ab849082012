import { reportPage } from '../../../../src/domain/close/report/page';
import { reconciledOf } from '../../../../src/domain/close/variances';
import { newClose } from '../../../../src/domain/close/close';
import { CLOSE, october, STORY } from './october';

const HOSTILE = `"><script src=//evil.example></script><img onerror='x' src=x>`;
/** The text of a page, without its marks. */
const words = (page: string): string =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const section = (page: string, id: string): string =>
  new RegExp(`<h2 id="${id}">[\\s\\S]*?(?=<h2|</main>)`).exec(page)?.[0] ?? '';

/** Tags that are opened and not closed, or the other way round. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  for (const [, closes, name = '', alone] of page.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (alone || ['meta', '!doctype'].includes(name)) continue;
    if (!closes) open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

test('it is one page that asks nothing of a network, and its tags are closed', () => {
  const page = reportPage(october());
  expect(unbalanced(page)).toEqual([]);
  expect(page).not.toMatch(/https?:|\bsrc=|url\(|@import|<script|<link/i);
  expect(page).toContain(`content="default-src 'none'`);
  expect(page).not.toMatch(/undefined|NaN|\[object/);
});

test('under every chart there is a table', () => {
  const page = reportPage(october());
  expect(page.match(/<figure>/g)).toHaveLength(4);
  expect(page.match(/<\/figure>\s*(<div class="wide">)?<table/g)).toHaveLength(4);
});

test('text from outside stays text', () => {
  const report = october();
  const [finding] = report.findings;
  const hostile = reportPage({
    ...report,
    close: {
      ...CLOSE,
      lights: { ...CLOSE.lights, finance: { ...CLOSE.lights.finance!, by: HOSTILE } },
      lock: { ...CLOSE.lock!, proof: { record: HOSTILE, code: HOSTILE } },
    },
    findings: [{ ...finding!, check: HOSTILE }],
    days: report.days.map((day) => ({ ...day, byCheck: [{ ...day.all, part: HOSTILE, findings: 1 }] })),
    story: STORY.map((line) => ({
      ...line,
      who: HOSTILE,
      what: HOSTILE,
      why: HOSTILE,
      after: [{ id: HOSTILE, by: HOSTILE, fields: [{ field: 'stage', from: HOSTILE }] }],
    })),
    changes: report.changes.map((one) => ({
      ...one,
      asked: { ...one.asked, by: HOSTILE, reason: HOSTILE },
      edits: [{ record: HOSTILE, field: 'stage', from: HOSTILE, to: HOSTILE }],
    })),
    variances: [{ kind: 'other_amount', currency: HOSTILE, entity: HOSTILE, count: 1, cents: 1 }],
    tasks: report.tasks.map((task) => ({ ...task, team: HOSTILE, reviewer: HOSTILE })),
  });
  expect(hostile).not.toMatch(/<script|<img/);
  expect(hostile).toContain('&lt;script src=');
  expect(unbalanced(hostile)).toEqual([]);
});

test('it says who waited on whom, step by step and in all', () => {
  const waits = words(section(reportPage(october()), 'waits'));
  expect(waits).toContain(
    'large-deals prepared omar-orders dee-dealdesk 2026-10-16 07:00 2026-10-20 15:00 104 ',
  );
  // Ready once what it needs was signed.
  expect(waits).toContain('reconcile prepared sam-ops meri 2026-11-02 17:00 2026-11-03 18:30 25.5 ');
  expect(waits).toContain('booking-checks reviewed amber sam-ops 2026-11-02 09:00 2026-11-02 17:00 8 ');
  expect(waits).toContain('Finance green light fiona-finance the lock 2026-11-04 10:00 2026-11-04 18:00 8 ');
});

test('it shows lights, digest and the proof of the lock, and what changed since', () => {
  const page = reportPage(october());
  expect(words(section(page, 'lock'))).toContain(
    'an edit of 0061 was tried and refused ( FIELD_CUSTOM_VALIDATION_EXCEPTION )',
  );
  expect(section(page, 'lock')).toContain('a'.repeat(64));
  expect(words(section(page, 'changes'))).toContain(
    '2026-11-06 09:00 0061 changed: Amount: 1.00 → 2.00 005X 2026-11-05T22:00:00Z',
  );
});

test('it lists what was approved since the lock: from what to what, who asked, who approved and when; nothing that was rejected', () => {
  const approved = words(section(reportPage(october()), 'approved'));
  expect(approved).toContain(
    '1 0062 Amount: 1000.00 → 900.50 typed wrong sam-ops 2026-11-08 09:00 amber 2026-11-09 10:30 Made, and read back.',
  );
  expect(approved).not.toContain('no need');
  expect(section(reportPage(october({ changes: [] })), 'approved')).toContain(
    'No change of it was approved.',
  );
});

test('periods are compared with the policy of each, and what changed in between is named', () => {
  const compared = words(section(reportPage(october()), 'comparison'));
  expect(compared).toContain(
    '2026-08 2026-09 2026-10 Policy in force since 2026-01-01 2026-01-01 2026-06-01',
  );
  expect(compared).toContain(
    'From 2026-09 to 2026-10 the policy changed (2026-01-01 → 2026-06-01): day of the lock 10 → 5, booking window, days 15 → 30.',
  );
  expect(compared).not.toContain('From 2026-08 to 2026-09');
});

test('variances are shown by kind; without a reconciliation, people did it', () => {
  expect(words(section(reportPage(october()), 'variances'))).toContain('Reconciled by people');
  expect(words(section(reportPage(october({ variances: [] })), 'variances'))).toContain(
    'CRM and billing agree',
  );
  const variances = [
    { kind: 'missing_in_billing', currency: 'USD', entity: 'GitLab Inc', count: 3, cents: 123_450 },
  ] as const;
  expect(words(section(reportPage(october({ variances })), 'variances'))).toContain(
    'missing in billing USD GitLab Inc 3 1,234.50',
  );
});

test('a period that could not be compared with billing does not agree with it', () => {
  const { close } = october();
  const problems = [{ place: 'line 3', problem: 'a decimal comma', mend: 'Write a point.' }];
  const reconciled = { ...reconciledOf([], { at: '', exportedAt: null, problems }) };
  const said = words(
    section(reportPage(october({ variances: [], close: { ...close, reconciled } })), 'variances'),
  );
  expect(said).toContain('billing can not be compared: line 3: a decimal comma');
  expect(said).not.toContain('agree');
});

test('a close on its first day has a report, too', () => {
  const close = newClose({
    period: '2026-10',
    policyVersion: '2026-06-01',
    dates: [],
    due: [],
    openedAt: '2026-10-16T07:00:00.000Z',
    openedBy: 'amber',
  });
  const { figures } = october();
  const page = reportPage(
    october({
      close,
      findings: [],
      days: [],
      story: [],
      earlier: [],
      figures: { ...figures, records: null, cents: null, lockDate: null },
    }),
  );
  expect(unbalanced(page)).toEqual([]);
  expect(words(page)).toMatch(
    /The bookings were not checked.*Nothing was mended yet.*The last day is still to come.*There is no task yet.*It is not locked.*There is no earlier period/,
  );
});
