import { z } from 'zod';
import type { ClosePolicy } from '../domain/close/policy';
import { CLOSE_DATE_KINDS } from '../domain/close/calendar';
import { CHANGEABLE, type ChangePolicy } from '../domain/close/change';
import { TASK_LISTS } from '../domain/close/task-lists';
import { AUTOMATIC } from '../domain/close/tasks';
import { reconcileShape, variancePolicyOf } from './billing';
import { bookingPolicyOf, bookingShape, dollars } from './booking-shapes';
import { freezeShape, lettersShape, quarterPolicyOf, quarterPolicyShape } from './quarter';
import { mapOf } from './shape-problems';
import { channels, country, fieldName, key, people, text, time, username, wholeNumber, zone } from './values';

/** Where nobody says, they count where people sign in. */
const signedIn = channels.default(['gitlab', 'console']);

/** How a locked period is changed. */
const changeShape = mapOf({
  approved_by: people,
  inside_rep: fieldName.nullable().default(null),
  channels: signedIn,
  fields: z
    .array(z.enum(CHANGEABLE))
    .default(['StageName', 'Amount', 'CloseDate', 'OwnerId', 'AccountId', 'Type']),
  exception_minutes: wholeNumber(1, 60).default(15),
  open_days: wholeNumber(1, 90).default(14),
  commission: mapOf({
    fields: z.array(z.enum(CHANGEABLE)).default(['StageName', 'Amount', 'CloseDate', 'OwnerId']),
    by: people,
  }).prefault({}),
});

const changePolicyOf = (change: z.output<typeof changeShape>): ChangePolicy => ({
  approvedBy: change.approved_by,
  insideRep: change.inside_rep,
  channels: change.channels,
  fields: change.fields,
  exceptionMinutes: change.exception_minutes,
  openDays: change.open_days,
  commission: change.commission,
});

/** How a period is closed, of one version of the policy. */
export const closeShape = mapOf({
  zone: zone.default('America/Los_Angeles'),
  country: country.default('US'),
  night: time.default('01:00'),
  opens_business_days: wholeNumber(1, 20).default(10),
  lock_day: wholeNumber(1, 28).default(5),
  snapshot_before_day: wholeNumber(2, 28).default(8),
  letters: mapOf({
    sent: wholeNumber(1, 28).default(4),
    answered: wholeNumber(1, 28).default(8),
    accounting: wholeNumber(1, 28).default(12),
    committee: wholeNumber(1, 28).default(14),
  }).prefault({}),
  freeze_days: wholeNumber(0, 60).default(14),
  run_by: people,
  green_light: mapOf({
    deal_desk: people,
    finance: people,
    channels: signedIn,
  }).prefault({}),
  owner_mails: mapOf({
    from_days_before: wholeNumber(0, 60).nullable().default(10),
    again_after_days: wholeNumber(1, 60).default(7),
  }).prefault({}),
  booking: bookingShape.prefault({}),
  large_deals: mapOf({
    from_net_arr: dollars.prefault('100000'),
    stages: z
      .array(text)
      .min(1, { error: 'is empty: no deal would be large' })
      .default(['4-Proposal', '5-Negotiating']),
  }).prefault({}),
  reconcile: reconcileShape.prefault({}),
  quarter: quarterPolicyShape.prefault({}),
  change: changeShape.prefault({}),
});

export const closePolicyOf = (close: z.output<typeof closeShape>): ClosePolicy => ({
  zone: close.zone,
  country: close.country,
  night: close.night,
  dates: {
    opensBusinessDays: close.opens_business_days,
    lockDay: close.lock_day,
    snapshotBeforeDay: close.snapshot_before_day,
    letters: close.letters,
    freezeDays: close.freeze_days,
    overdueDay: close.booking.overdue_day,
  },
  runBy: close.run_by,
  greenLight: {
    by: { deal_desk: close.green_light.deal_desk, finance: close.green_light.finance },
    channels: close.green_light.channels,
  },
  ownerMails: {
    fromDaysBefore: close.owner_mails.from_days_before,
    againAfterDays: close.owner_mails.again_after_days,
  },
  booking: bookingPolicyOf(close.booking),
  reconcile: variancePolicyOf(close.reconcile),
  largeDeals: { fromNetArrCents: close.large_deals.from_net_arr, stages: close.large_deals.stages },
  quarter: quarterPolicyOf(close.quarter),
  change: changePolicyOf(close.change),
});

/** `close.yml`: the checklist. */
export const checklistShape = mapOf({
  tasks: z.array(z.unknown()).min(1, { error: 'is empty' }),
  letters: lettersShape.prefault({}),
  freeze: freezeShape.prefault({}),
});

export const closeTaskShape = mapOf({
  key,
  title: text,
  team: text,
  preparer: username,
  reviewer: username,
  due: mapOf({ from: z.enum(CLOSE_DATE_KINDS), business_days: wholeNumber(-20, 20).default(0) }),
  needs: z.array(key).default([]),
  quarter_only: z.boolean().default(false),
  automatic: z.enum(AUTOMATIC).nullable().default(null),
  over_records: z.boolean().default(false),
  over_billing: z.boolean().default(false),
  steps: z.array(text).default([]),
  shows: z.enum(TASK_LISTS).nullable().default(null),
});
