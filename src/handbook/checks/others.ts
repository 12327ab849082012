import { basename } from 'node:path';
import { PARTIES } from '../../domain/close/green-light';
import type { Reading } from '../reading';
import { suggestion } from '../../domain/spelling';

/** Labels that requests are moved by; without one of them a state couldn't be shown. */
const NEEDED_LABELS = [
  'SalesOpsAR::Action Needed',
  'SalesOpsAR::In Progress',
  'SalesOpsAR::On Hold',
  'SalesOpsAR::Completed',
  'SalesOPS: Waiting on SFDC License',
  'AR-Approval::Needs Manager Approval',
  'AR-Approval::Manager Approved',
  'AR-Approval::Rejected',
  'ReadyForProvisioning',
];

/** Versions of the policy: in order, one a date, each sensible in itself. */
export function checkPolicy({ policy: read }: Reading): void {
  if (!read) return;
  let before: string | undefined;
  for (const { index, policy } of read.versions) {
    const at = ['versions', index];
    if (before === policy.effectiveFrom) {
      read.file.problem(
        [...at, 'effective_from'],
        'two versions in force from the same date',
        'Give each a date of its own.',
        policy.effectiveFrom,
      );
    } else if (before !== undefined && policy.effectiveFrom < before) {
      read.file.problem(
        [...at, 'effective_from'],
        `stands after the version of ${before}`,
        'Put the versions in order, the oldest first.',
        policy.effectiveFrom,
      );
    }
    before = policy.effectiveFrom;
    if (policy.businessHours.from >= policy.businessHours.to) {
      read.file.problem(
        [...at, 'business_hours'],
        'business hours end before they begin',
        'Set from earlier than to, on one day.',
      );
    }
    if (policy.escalationBusinessDays <= policy.reminderBusinessDays) {
      read.file.problem(
        [...at, 'escalation_business_days'],
        'escalation not later than the reminder',
        'Make it later than reminder_business_days.',
        String(policy.escalationBusinessDays),
      );
    }
  }
}

export function checkLabels({ labels: read }: Reading): void {
  if (!read) return;
  const { file, labels } = read;
  const names = labels.set.map(({ name }) => name);
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name.toLowerCase()))
      file.problem(['labels', index, 'name'], 'the same label twice', 'Keep one of them.', name);
    seen.add(name.toLowerCase());
  });
  for (const needed of NEEDED_LABELS) {
    if (!names.includes(needed))
      file.problem(
        ['labels'],
        'a label that requests are moved by is missing',
        'Add it as it is spelt here.',
        needed,
      );
  }
  for (const [alias, name] of Object.entries(labels.aliases)) {
    if (names.includes(alias))
      file.problem(['aliases', alias], 'is a label itself', 'Take the alias or the label away.', alias);
    if (!names.includes(name))
      file.problem(['aliases', alias], 'unknown label', suggestion(name, names, 'Name one of labels.'), name);
  }
  const scopes = new Map<string, string>();
  labels.newBaselineRequest.forEach((name, index) => {
    const at = ['new_baseline_request', index];
    if (!names.includes(name))
      file.problem(at, 'unknown label', suggestion(name, names, 'Name one of labels.'), name);
    const scope = scopeOf(name);
    const other = scopes.get(scope);
    if (other !== undefined)
      file.problem(at, `would replace ${other}`, 'Labels of one scope exclude each other: keep one.', name);
    scopes.set(scope, name);
  });
  const { deal_desk: dealDesk, finance } = labels.greenLight;
  for (const party of PARTIES) {
    const name = labels.greenLight[party];
    if (!names.includes(name))
      file.problem(
        ['green_light', party],
        'unknown label',
        suggestion(name, names, 'Name one of labels.'),
        name,
      );
  }
  if (scopeOf(dealDesk) === scopeOf(finance))
    file.problem(
      ['green_light', 'finance'],
      `would replace ${dealDesk}`,
      'Both lights stand side by side: give each a scope of its own.',
      finance,
    );
}

/** Labels of one scope exclude each other: `key` of `key::value`. */
const scopeOf = (name: string): string =>
  name.includes('::') ? name.slice(0, name.lastIndexOf('::')) : name;

export function checkCalendars({ calendars }: Reading): void {
  for (const { file, country, dates } of calendars) {
    const named = basename(file.file, '.yml');
    if (named !== country)
      file.problem(
        ['country'],
        `not the country of the file's name, ${named}`,
        `Name the file calendars/${country}.yml.`,
        country,
      );
    dates.forEach((date, index) => {
      if (dates.indexOf(date) < index)
        file.problem(['holidays', index, 'date'], 'the same day twice', 'Keep one of them.', date);
    });
  }
}
