import { z } from 'zod';
import { SEAT_CLASSES } from '../domain/handbook';
import { closeShape } from './close-shapes';
import { runShape } from './run-shape';
import { reviewShape } from './review-shapes';
import { mapOf } from './shape-problems';
import {
  channels,
  color,
  connection,
  country,
  date,
  email,
  fieldName,
  key,
  rule,
  slugged,
  text,
  time,
  username,
  weekdayName,
  wholeNumber,
  zone,
} from './values';

/** The form of every file of `config/`, as written there (snake_case). What hangs together across files is in `checks/`. */

export const region = z.enum(['Americas', 'EMEA', 'JAPAC']);
const attribute = z.enum(['role', 'profile', 'team', 'licence_type', 'permission_sets']);

const doers = z.union([mapOf({ people: z.array(username) }), mapOf({ queue: text })], {
  error: 'is neither { people: [<username>, …] } nor { queue: <team> }',
});
const way = z.discriminatedUnion('kind', [
  mapOf({ kind: z.literal('salesforce-user') }),
  mapOf({
    kind: z.literal('salesforce-psl'),
    permission_set_license: text,
    permission_set: text.nullable().default(null),
  }),
  mapOf({ kind: z.literal('salesforce-package'), namespace: text }),
  mapOf({ kind: z.literal('scim'), connection }),
  mapOf({ kind: z.literal('okta-group'), group: text }),
  mapOf({ kind: z.literal('person') }),
]);
const licenceType = mapOf({
  name: text,
  regions: z.array(region).min(1, { error: 'is empty' }).default(['Americas', 'EMEA', 'JAPAC']),
  titles: z.array(slugged).nullable().default(null),
  except_departments: z.array(slugged).default([]),
});

const stage = z.discriminatedUnion('kind', [
  mapOf({ kind: z.literal('delay'), after: text, hours: wholeNumber(1, 720) }),
  mapOf({
    kind: z.literal('course'),
    course: text,
    first: text,
    to: text,
    except_regions: z.array(region).default([]),
  }),
]);

export const systemKey = key;
export const systemShape = mapOf({
  name: text,
  aliases: z.array(text).default([]),
  ways: z.array(way).min(1, { error: 'is empty: there is no way to give access' }),
  owner: text,
  provisioners: doers,
  deprovisioners: doers,
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)], {
    error: 'is not a tier',
  }),
  sox: z.boolean(),
  depends_on: z.array(text).default([]),
  requires: z.array(attribute).default([]),
  removal_deadline_days: wholeNumber(0, 30),
  licence_types: z.array(licenceType).default([]),
  business_owner: username.nullable().default(null),
  finance: z.boolean().default(false),
  also_approved_by: z.array(z.enum(['infrastructure', 'security'])).default([]),
  admin_roles: z.array(text).default([]),
  levels: z.array(text).default([]),
  shared_account: z.boolean().default(false),
  stages: z.array(stage).default([]),
  steps: z.array(text).default([]),
  removal_steps: z.array(text).default([]),
});
const serviceAccount = mapOf({
  system: key,
  name: text,
  owner: username,
  secret_holders: z.array(username).default([]),
});
export const systemsShape = mapOf({
  systems: z.record(z.string(), z.unknown()),
  requests_per_second: z.record(z.string(), wholeNumber(1, 10_000)).default({}),
  service_accounts: z.array(serviceAccount).default([]),
});

const byRegion = z.union([text, mapOf({ Americas: text, EMEA: text, JAPAC: text })], {
  error: 'is neither a text nor a map of Americas, EMEA and JAPAC',
});
export const entitlementShape = mapOf({
  role: byRegion.optional(),
  profile: byRegion.optional(),
  team: byRegion.optional(),
  licence_type: byRegion.optional(),
  permission_sets: z.array(text).optional(),
  /** Only there; absent: everywhere. */
  regions: z.array(region).min(1, { error: 'is empty' }).optional(),
});
const sectionShape = mapOf({
  team: text,
  label: text.nullable().default(null),
  tasks: z.array(text).min(1, { error: 'is empty' }),
});
const approvalShape = mapOf({
  by: z.array(username).min(1, { error: 'is empty' }),
  on: date,
  digest: rule(
    (value) => /^sha256:[0-9a-f]{64}$/.test(value),
    'not a digest',
    'Let `daytwo config approve <file> --by <username>` write it.',
  ),
});
export const roleShape = mapOf({
  gets: z.record(z.string(), z.unknown()),
  other_teams: z.array(sectionShape).default([]),
  approved: approvalShape.nullable().default(null),
});

const aliasLists = z.record(z.string(), z.array(text));
export const namingShape = mapOf({
  departments: aliasLists,
  titles: aliasLists,
  seniority: mapOf({ before: z.array(text), after: z.array(text) }),
});

const run = mapOf({
  utc_time: time,
  days_after_start: z.union([z.literal(0), z.literal(1)], { error: 'is neither 0 nor 1' }),
});
const decision = mapOf({
  who: z
    .array(z.enum(['manager', 'dri', 'provisioner', 'assignee', 'template_approver', 'requester']))
    .min(1, { error: 'is empty: nobody could decide it' }),
  channels,
});
export const policyShape = mapOf({
  effective_from: date,
  day_two: mapOf({ Americas: run, EMEA: run, JAPAC: run }),
  business_hours: mapOf({ from: time, to: time }),
  reminder_business_days: wholeNumber(1, 60),
  escalation_business_days: wholeNumber(1, 60),
  request_due_business_days: wholeNumber(1, 60),
  seat_retry_minutes: wholeNumber(1, 10_080),
  desk_watch_seconds: wholeNumber(1, 60),
  desk_watch_people_seconds: wholeNumber(1, 3_600).default(60),
  desk_watch_turn_seconds: wholeNumber(1, 120).default(100),
  desk_watch_overlap_seconds: wholeNumber(0, 3_600),
  start_date_horizon_days: wholeNumber(1, 3_650),
  decisions: mapOf({
    approve: decision,
    reject: decision,
    claim: decision,
    release: decision,
    complete: decision,
    hold: decision,
    resume: decision,
    cancel: decision,
    reassign: decision.prefault({
      who: ['manager', 'dri', 'assignee'],
      channels: ['gitlab', 'console', 'cli', 'signal'],
    }),
  }),
  /** Only where GitLab or the console has checked who it is. */
  signed_in_channels: z.array(z.enum(['gitlab', 'console'])).min(1, { error: 'is empty' }),
  approvals: mapOf({
    common_manager: z.boolean().default(false),
    remind_business_days: wholeNumber(1, 60).default(2),
    escalate_business_days: wholeNumber(1, 60).default(5),
    ask_requester_days: wholeNumber(1, 365).default(30),
  }).prefault({}),
  requests: mapOf({
    most_people: wholeNumber(1, 5_000).default(5_000),
    end_reminder_days: wholeNumber(0, 90).default(3),
    shared_account_days: wholeNumber(1, 365).default(90),
  }).prefault({}),
  absence: mapOf({
    idle_business_days: wholeNumber(1, 60).default(2),
    busy_hours: wholeNumber(0, 168).default(4),
    calendar_minutes: wholeNumber(1, 1_440).default(10),
  }).prefault({}),
  seats: mapOf({
    classes: z.array(z.enum(SEAT_CLASSES)).default([...SEAT_CLASSES]),
    move_up_days: wholeNumber(1, 365).default(7),
    check_seconds: wholeNumber(1, 86_400).default(60),
    low_at: wholeNumber(0, 1_000).default(5),
    offer_minutes: wholeNumber(1, 1_440).default(15),
    reclaim: mapOf({
      idle_days: wholeNumber(1, 730).default(90),
      notice_days: wholeNumber(1, 90).default(14),
      month_of_quarter: z
        .union([z.literal(1), z.literal(2), z.literal(3)], { error: 'is neither 1, 2 nor 3' })
        .default(2),
      fiscal_year_start_month: wholeNumber(1, 12).default(2),
      except_profiles: z.array(text).default([]),
      decided_by: z
        .array(z.enum(['dri', 'sales_ops']))
        .min(1, { error: 'is empty: nobody could decide on a reclaim' })
        .default(['dri']),
    }).prefault({}),
  }).prefault({}),
  moves: mapOf({
    grace_days: wholeNumber(0, 90).default(14),
    remind_days: wholeNumber(1, 90).default(5),
  }).prefault({}),
  leaving: mapOf({
    kick_off: mapOf({
      monday: time.default('16:00'),
      tuesday: time.default('16:00'),
      wednesday: time.default('16:00'),
      thursday: time.default('16:00'),
      friday: time.default('16:00'),
    }).prefault({}),
    day_off: z.enum(['before', 'same', 'after']).default('before'),
    call: mapOf({
      hours_before: wholeNumber(0, 168).default(2),
      before: z.array(z.enum(['admin_rights'])).default(['admin_rights']),
    }).prefault({}),
    remind: mapOf({
      deprovisioners_hours: wholeNumber(1, 720).default(24),
      team_business_days: wholeNumber(1, 60).default(3),
      owner_business_days: wholeNumber(1, 60).default(5),
    }).prefault({}),
    step_hours: wholeNumber(1, 720).default(24),
    look_back_days: wholeNumber(1, 365).default(30),
    records: mapOf({
      parking_owner: email.default('sales-admin@daytwo.example'),
      move_up_to_stage: wholeNumber(-1, 9).default(2),
      holdover_days: wholeNumber(0, 365).default(90),
      holdover_field: fieldName.default('Holdover_Expiration_Date__c'),
      teams: z.enum(['remove', 'keep']).default('remove'),
      splits: z.enum(['by_person', 'leave']).default('leave'),
      locked_through: date.nullable().default(null),
    }).prefault({}),
    run_by: z.array(username).default([]),
    list: mapOf({
      more_than: wholeNumber(1, 5000).default(20),
      approvals: wholeNumber(1, 5).default(2),
      by: z.array(username).default([]),
    }).prefault({}),
    summary_from: wholeNumber(2, 1000).default(10),
    late: mapOf({
      weekday: weekdayName.default('monday'),
      team: text.nullable().default(null),
    }).prefault({}),
  }).prefault({}),
  close: closeShape.prefault({}),
  territory_run: runShape.prefault({}),
  territory_review: reviewShape.prefault({}),
});
export const policiesShape = mapOf({ versions: z.array(z.unknown()).min(1, { error: 'is empty' }) });

export const memberShape = mapOf({
  username,
  name: text,
  title: text.optional(),
  email,
  manager: username.nullable(),
  time_zone: zone,
  country,
  covered_by: z.array(username).default([]),
  employee_id: rule(
    (value) => /^[\w.-]{1,64}$/.test(value),
    'not an employee id',
    "Letters, digits, _ . and -, in quotes: '104711'.",
  ).optional(),
  away: z.array(mapOf({ from: date, to: date })).optional(),
  calendar: rule(
    (value) => /^https?:\/\/\S+$/.test(value),
    'not an address of a calendar',
    'Write it as https://…/absences.ics.',
  ).optional(),
});
export const peopleShape = mapOf({
  members: z.array(z.unknown()).min(1, { error: 'is empty' }),
  teams: z.record(
    z.string(),
    mapOf({ name: text, members: z.array(username).min(1, { error: 'is empty' }) }),
  ),
  sales_ops_team: text,
  provisioning_dris: z.array(username).min(1, { error: 'is empty: nobody would be told of a new request' }),
  template_approvers: z.array(username).min(1, { error: 'is empty: nobody could approve a template' }),
  approvers: mapOf({
    infrastructure: z.array(username).default([]),
    security: z.array(username).default([]),
  }).prefault({}),
});

export const labelsShape = mapOf({
  labels: z.array(mapOf({ name: text, color, description: text })).min(1, { error: 'is empty' }),
  aliases: z.record(z.string(), text).default({}),
  new_baseline_request: z.array(text),
  new_filed_request: z.array(text).default([]),
  green_light: mapOf({ deal_desk: text, finance: text }),
});

export const calendarShape = mapOf({
  country,
  holidays: z.array(mapOf({ date, name: text })),
});
