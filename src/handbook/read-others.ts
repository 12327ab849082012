import type { z } from 'zod';
import type { Person, Policy } from '../domain/handbook';
import { closePolicyOf } from './close-shapes';
import { runPolicyOf } from './run-shape';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import { reviewPolicyOf } from './review-shapes';
import type { CalendarReading, PeopleReading, PolicyReading, Reading } from './reading';
import { calendarShape, labelsShape, memberShape, peopleShape, policiesShape, policyShape } from './shapes';
import { weekdayNumber } from './values';

export const POLICY_FILE = 'policy.yml';
export const PEOPLE_FILE = 'people.yml';
export const LABELS_FILE = 'labels.yml';

export function readPolicy(dir: string, problems: Problem[]): PolicyReading | null {
  const file = ConfigFile.read(dir, POLICY_FILE, problems);
  const list = file?.shape(policiesShape);
  if (!file || !list) return null;
  const versions = list.versions.flatMap((_, index) => {
    const entry = file.shape(policyShape, ['versions', index]);
    return entry ? [{ index, policy: policyOf(entry) }] : [];
  });
  return { file, versions };
}

function policyOf(entry: z.output<typeof policyShape>): Policy {
  const run = (of: { utc_time: string; days_after_start: 0 | 1 }): Policy['dayTwo']['EMEA'] => ({
    utcTime: of.utc_time,
    daysAfterStart: of.days_after_start,
  });
  const { Americas, EMEA, JAPAC } = entry.day_two;
  return {
    effectiveFrom: entry.effective_from,
    dayTwo: { Americas: run(Americas), EMEA: run(EMEA), JAPAC: run(JAPAC) },
    businessHours: entry.business_hours,
    reminderBusinessDays: entry.reminder_business_days,
    escalationBusinessDays: entry.escalation_business_days,
    requestDueBusinessDays: entry.request_due_business_days,
    seatRetryMinutes: entry.seat_retry_minutes,
    deskWatchSeconds: entry.desk_watch_seconds,
    deskWatchPeopleSeconds: entry.desk_watch_people_seconds,
    deskWatchTurnSeconds: entry.desk_watch_turn_seconds,
    deskWatchOverlapSeconds: entry.desk_watch_overlap_seconds,
    startDateHorizonDays: entry.start_date_horizon_days,
    decisions: entry.decisions,
    signedInChannels: entry.signed_in_channels,
    approvals: {
      commonManager: entry.approvals.common_manager,
      remindBusinessDays: entry.approvals.remind_business_days,
      escalateBusinessDays: entry.approvals.escalate_business_days,
      askRequesterDays: entry.approvals.ask_requester_days,
    },
    requests: {
      mostPeople: entry.requests.most_people,
      endReminderDays: entry.requests.end_reminder_days,
      sharedAccountDays: entry.requests.shared_account_days,
    },
    absence: {
      idleBusinessDays: entry.absence.idle_business_days,
      busyHours: entry.absence.busy_hours,
      calendarMinutes: entry.absence.calendar_minutes,
    },
    seats: seatPolicyOf(entry.seats),
    moves: { graceDays: entry.moves.grace_days, remindDays: entry.moves.remind_days },
    leaving: leavingPolicyOf(entry.leaving),
    close: closePolicyOf(entry.close),
    territoryRun: runPolicyOf(entry.territory_run),
    territoryReview: reviewPolicyOf(entry.territory_review),
  };
}

const leavingPolicyOf = (leaving: z.output<typeof policyShape>['leaving']): Policy['leaving'] => {
  const { monday, tuesday, wednesday, thursday, friday } = leaving.kick_off;
  return {
    kickOff: [monday, tuesday, wednesday, thursday, friday],
    dayOff: leaving.day_off,
    call: {
      hoursBefore: leaving.call.hours_before,
      before: leaving.call.before,
    },
    remind: {
      deprovisionersHours: leaving.remind.deprovisioners_hours,
      teamBusinessDays: leaving.remind.team_business_days,
      ownerBusinessDays: leaving.remind.owner_business_days,
    },
    stepHours: leaving.step_hours,
    lookBackDays: leaving.look_back_days,
    records: {
      parkingOwner: leaving.records.parking_owner,
      moveUpToStage: leaving.records.move_up_to_stage,
      holdoverDays: leaving.records.holdover_days,
      holdoverField: leaving.records.holdover_field,
      teams: leaving.records.teams,
      splits: leaving.records.splits,
      lockedThrough: leaving.records.locked_through,
    },
    runBy: leaving.run_by,
    list: { moreThan: leaving.list.more_than, approvals: leaving.list.approvals, by: leaving.list.by },
    summaryFrom: leaving.summary_from,
    late: { weekday: weekdayNumber(leaving.late.weekday), team: leaving.late.team },
  };
};

const seatPolicyOf = (seats: z.output<typeof policyShape>['seats']): Policy['seats'] => ({
  classes: seats.classes,
  moveUpDays: seats.move_up_days,
  checkSeconds: seats.check_seconds,
  lowAt: seats.low_at,
  offerMinutes: seats.offer_minutes,
  reclaim: {
    idleDays: seats.reclaim.idle_days,
    noticeDays: seats.reclaim.notice_days,
    monthOfQuarter: seats.reclaim.month_of_quarter,
    fiscalYearStartMonth: seats.reclaim.fiscal_year_start_month,
    exceptProfiles: seats.reclaim.except_profiles,
    decidedBy: seats.reclaim.decided_by,
  },
});

export function readPeople(dir: string, problems: Problem[]): PeopleReading | null {
  const file = ConfigFile.read(dir, PEOPLE_FILE, problems);
  const body = file?.shape(peopleShape);
  if (!file || !body) return null;
  const entries = body.members.flatMap((_, index) => {
    const entry = file.shape(memberShape, ['members', index]);
    return entry ? [{ index, entry }] : [];
  });
  const emails = new Map(entries.map(({ entry }) => [entry.username, entry.email]));
  const members = entries.map(({ index, entry }) => {
    const person: Person = {
      username: entry.username,
      name: entry.name,
      ...(entry.title === undefined ? {} : { title: entry.title }),
      email: entry.email,
      managerEmail: entry.manager === null ? null : (emails.get(entry.manager) ?? null),
      timeZone: entry.time_zone,
      country: entry.country,
      coveredBy: entry.covered_by,
      ...(entry.employee_id === undefined ? {} : { employeeId: entry.employee_id }),
      ...(entry.away === undefined ? {} : { away: entry.away }),
      ...(entry.calendar === undefined ? {} : { calendarUrl: entry.calendar }),
    };
    return { index, manager: entry.manager, person };
  });
  const usernames = body.members.flatMap((_, index) => {
    const username = file.at(['members', index, 'username']);
    return typeof username === 'string' ? [username] : [];
  });
  return {
    file,
    members,
    usernames,
    teams: body.teams,
    salesOpsTeam: body.sales_ops_team,
    provisioningDris: body.provisioning_dris,
    templateApprovers: body.template_approvers,
    approvers: body.approvers,
  };
}

export function readLabels(dir: string, problems: Problem[]): Reading['labels'] {
  const file = ConfigFile.read(dir, LABELS_FILE, problems);
  const body = file?.shape(labelsShape);
  if (!file || !body) return null;
  const labels = {
    set: body.labels,
    aliases: body.aliases,
    newBaselineRequest: body.new_baseline_request,
    newFiledRequest: body.new_filed_request,
    greenLight: body.green_light,
  };
  return { file, labels };
}

export function readCalendar(dir: string, path: string, problems: Problem[]): CalendarReading | null {
  const file = ConfigFile.read(dir, path, problems);
  const body = file?.shape(calendarShape);
  if (!file || !body) return null;
  return { file, country: body.country, dates: body.holidays.map((holiday) => holiday.date) };
}
