import { afterLook, type Finding, type Found } from '../../../../src/domain/close/findings';
import { newChange, type PeriodChange } from '../../../../src/domain/close/change';
import { newClose, type CloseCase } from '../../../../src/domain/close/close';
import { figuresOf, type Figures, type PinnedPolicy } from '../../../../src/domain/close/report/figures';
import type { PeriodReport } from '../../../../src/domain/close/report/page';
import type { StoryLine } from '../../../../src/domain/close/report/story';
import type { CloseTask, Signature } from '../../../../src/domain/close/tasks';
import { dayOfClose, type DayOfClose } from '../../../../src/domain/close/trend';
import { addDays } from '../../../../src/domain/dates';
import { found } from '../found';

/** A period of which everything is known: begun, mended, lit, locked, and changed once afterwards. */

const CHECKS = [
  'order-form-signed',
  'trade-check',
  'contacts',
  'amount',
  'quote',
  'owner',
  'splits',
  'currency',
];
const sign = (by: string, at: string): Signature => ({ by, at, channel: 'gitlab' });
const task = (key: string, more: Partial<CloseTask> = {}): CloseTask => ({
  key,
  title: key,
  team: 'sales-ops',
  preparer: 'sam-ops',
  reviewer: 'meri',
  overBilling: false,
  due: { from: 'cut_off', businessDays: 1 },
  needs: [],
  quarterOnly: false,
  automatic: null,
  overRecords: false,
  shows: null,
  steps: [],
  ...more,
});
export const TASKS: readonly CloseTask[] = [
  task('large-deals', {
    team: 'deal-desk',
    preparer: 'omar-orders',
    reviewer: 'dee-dealdesk',
    due: { from: 'opens', businessDays: 3 },
  }),
  task('booking-checks', { automatic: 'booking_checks', reviewer: 'amber' }),
  task('reconcile', { needs: ['booking-checks'] }),
];

/** Findings that come and are mended day by day, by the real rules of a look. */
export function month(
  from: string,
  count: number,
): { findings: readonly Finding[]; days: readonly DayOfClose[] } {
  let findings: readonly Finding[] = [];
  const days: DayOfClose[] = [];
  for (let at = 0; at < count; at += 1) {
    const day = addDays(from, at);
    const judged = new Map<string, readonly Found[]>();
    for (let record = 0; record < 60; record += 1) {
      const [appears, mended] = [record % 11, (record % 11) + 1 + ((record * 7) % 9)];
      const { since: _, ...wrong } = found(`${CHECKS[record % 8] ?? ''}/006${record}`, {
        amountCents: 1_250_000 + record * 100,
      });
      const its = at >= appears && at < mended ? [wrong] : [];
      judged.set(`006${record}`, its);
    }
    findings = afterLook(findings, { on: day, judged, whole: true });
    const submissions =
      at < 15
        ? null
        : Array.from({ length: 24 }, (_, hour) => (hour < 7 ? 0 : (hour - 6) * (hour > 20 ? 3 : 1)));
    days.push(dayOfClose(findings, { day, at: `${day}T08:00:00.000Z`, submissions }));
  }
  return { findings, days };
}

const date = (kind: 'opens' | 'cut_off' | 'lock', day: string, at: string) => ({
  kind,
  date: day,
  name: kind,
  rule: kind,
  at,
});
export const CLOSE: CloseCase = {
  ...newClose({
    period: '2026-10',
    policyVersion: '2026-06-01',
    dates: [
      date('opens', '2026-10-16', '2026-10-16T07:00:00.000Z'),
      date('cut_off', '2026-10-31', '2026-11-01T06:59:59.000Z'),
      date('lock', '2026-11-05', '2026-11-05T08:00:00.000Z'),
    ],
    due: [],
    openedAt: '2026-10-16T07:00:00.000Z',
    openedBy: 'daytwo',
  }),
  phase: 'locked',
  tasks: [
    [
      'large-deals',
      sign('omar-orders', '2026-10-20T15:00:00.000Z'),
      sign('dee-dealdesk', '2026-10-22T20:00:00.000Z'),
    ] as const,
    [
      'booking-checks',
      sign('daytwo', '2026-11-02T09:00:00.000Z'),
      sign('amber', '2026-11-02T17:00:00.000Z'),
    ] as const,
    [
      'reconcile',
      sign('sam-ops', '2026-11-03T18:30:00.000Z'),
      sign('meri', '2026-11-04T10:00:00.000Z'),
    ] as const,
  ].map(([key, prepared, reviewed]) => ({
    key,
    dueAt: '2026-11-03T08:00:00.000Z',
    iid: 7,
    prepared,
    reviewed,
    basis: null,
    reopened: null,
  })),
  lights: {
    deal_desk: {
      by: 'dee-dealdesk',
      at: '2026-11-04T12:00:00.000Z',
      channel: 'gitlab',
      digest: 'a'.repeat(64),
    },
    finance: {
      by: 'fiona-finance',
      at: '2026-11-04T18:00:00.000Z',
      channel: 'gitlab',
      digest: 'a'.repeat(64),
    },
  },
  lock: {
    through: '2026-10-31',
    at: '2026-11-05T08:00:00.000Z',
    proof: { record: '0061', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' },
  },
  snapshots: (['before_lock', 'after_lock'] as const).map((name) => ({
    name,
    at: '2026-11-05T08:00:00.000Z',
    records: 1_987,
    totalCents: 4_123_456_789,
    digest: 'a'.repeat(64),
  })),
};

export const STORY: readonly StoryLine[] = [
  {
    at: '2026-10-16T07:00:00.000Z',
    kind: 'close.opened',
    who: 'daytwo',
    what: 'opened the close of 2026-10',
    why: null,
    after: null,
  },
  {
    at: '2026-11-04T13:00:00.000Z',
    kind: 'close.light_out',
    who: 'daytwo',
    what: 'put out the green light of deal_desk',
    why: '1 opportunity changed',
    after: null,
  },
  {
    at: '2026-11-05T08:00:00.000Z',
    kind: 'close.locked',
    who: 'daytwo',
    what: 'locked the period',
    why: null,
    after: null,
  },
  {
    at: '2026-11-06T09:00:00.000Z',
    kind: 'close.drift',
    who: 'daytwo',
    what: 'found that a locked period is not what it was',
    why: null,
    after: [
      {
        id: '0061',
        kind: 'changed',
        by: '005X',
        at: '2026-11-05T22:00:00Z',
        fields: [{ field: 'amountCents', from: 100, to: 200 }],
      },
    ],
  },
];

const change = (n: number, phase: 'applied' | 'rejected', reason: string): PeriodChange => ({
  ...newChange({
    period: '2026-10',
    n,
    policyVersion: '2026-06-01',
    openDays: 14,
    asked: { by: 'sam-ops', at: '2026-11-08T09:00:00.000Z', channel: 'cli', reason },
    edits: [{ record: '0062', field: 'amountCents', from: 100_000, to: 90_050 }],
  }),
  phase,
  decided: { by: 'amber', at: '2026-11-09T10:30:00.000Z', channel: 'gitlab', reason: null },
});
const CHANGES = [change(1, 'applied', 'typed wrong'), change(2, 'rejected', 'no need')];

export const POLICY: PinnedPolicy = {
  version: '2026-06-01',
  bookingWindowDays: 30,
  lockDay: 5,
  lateRenewalDays: 15,
};
const earlier = (period: string, policy: Partial<PinnedPolicy>): Figures => ({
  ...figuresOf(CLOSE, month('2026-08-17', 20).findings, STORY, { ...POLICY, ...policy }, []),
  period,
});

/** What is told of it. */
export function october(changes: Partial<PeriodReport> = {}): PeriodReport {
  const { findings, days } = month('2026-10-16', 21);
  return {
    close: CLOSE,
    tasks: TASKS,
    greenLight: { by: { deal_desk: ['dee-dealdesk'], finance: ['fiona-finance'] } },
    findings,
    days,
    story: STORY,
    changes: CHANGES,
    figures: figuresOf(CLOSE, findings, STORY, POLICY, []),
    earlier: [
      earlier('2026-08', { version: '2026-01-01', lockDay: 10, bookingWindowDays: 15 }),
      earlier('2026-09', { version: '2026-01-01', lockDay: 10, bookingWindowDays: 15 }),
    ],
    variances: null,
    madeAt: '2026-11-07T17:00:00.000Z',
    clock: (at) => at.slice(0, 16).replace('T', ' '),
    zone: 'America/Los_Angeles',
    ...changes,
  };
}
