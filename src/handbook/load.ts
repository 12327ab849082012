import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Handbook } from '../domain/handbook';
import { standsAsApproved } from '../domain/digest';
import { BOOKING_FIELDS_FILE, readBookingFields } from './booking-fields';
import { BILLING_FILE, checkBilling, readBillingSource } from './billing';
import { checkBooking } from './checks/booking';
import { checkIssueTemplates } from './checks/issue-templates';
import { checkCalendars, checkLabels, checkPolicy } from './checks/others';
import { checkClose } from './checks/close';
import { checkReviews } from './checks/review';
import { checkLeaving } from './checks/leaving';
import { checkPeople } from './checks/people';
import { checkRoles } from './checks/roles';
import { checkSystems } from './checks/systems';
import { checkTerritory } from './checks/territory';
import { handbookDigest } from './digest';
import { formatProblems, inOrder, type Problem } from './problem';
import {
  LABELS_FILE,
  PEOPLE_FILE,
  POLICY_FILE,
  readCalendar,
  readLabels,
  readPeople,
  readPolicy,
} from './read-others';
import { CLOSE_FILE, readChecklist } from './read-close';
import { ISSUE_TEMPLATES, isIssueTemplate, readIssueTemplate } from './read-issue-templates';
import { NAMING_FILE, isRoleFile, readNaming, readRole } from './read-roles';
import { SYSTEMS_FILE, readSystems } from './read-systems';
import { readTerritory, territoriesOf, territoryOf } from './territory';
import type { PeopleReading, Reading } from './reading';
import { checkQuarter } from './quarter';
import { suggestion } from '../domain/spelling';

/** The handbook, or everything that is wrong with it. Warnings are no faults: a template that waits for its approval. */
export type LoadResult =
  | { readonly ok: true; readonly handbook: Handbook; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const SINGLE_FILES = [
  SYSTEMS_FILE,
  POLICY_FILE,
  PEOPLE_FILE,
  LABELS_FILE,
  NAMING_FILE,
  CLOSE_FILE,
  BOOKING_FIELDS_FILE,
  BILLING_FILE,
];
/** Read by territory planning. */
const TERRITORY_FOLDER = 'territory/';
const CALENDAR_FILE = /^calendars\/[A-Z]{2}\.yml$/;

/**
 * Reads and checks `config/`. All problems of all files are reported at once, each with file, line, value and mend; a
 * handbook is given only if there is none.
 *
 * @param dir the configuration folder
 */
export function loadHandbook(dir: string): LoadResult {
  const problems: Problem[] = [];
  const reading = readAll(dir, problems);
  for (const check of [
    checkSystems,
    checkRoles,
    checkPolicy,
    checkPeople,
    checkLabels,
    checkCalendars,
    checkLeaving,
    checkClose,
    checkReviews,
    checkBooking,
    checkBilling,
    checkQuarter,
    checkTerritory,
  ])
    check(reading);
  checkIssueTemplates(reading, problems);
  const handbook = problems.length === 0 ? assemble(reading) : null;
  if (!handbook) return { ok: false, problems: inOrder(problems) };
  return { ok: true, handbook, warnings: inOrder(warningsOf(reading)) };
}

/** Every file below the folder, relative and with `/`, but none that editors hide; sorted. */
export function filesBelow(dir: string): string[] {
  const walk = (below: string): string[] =>
    readdirSync(join(dir, below), { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && !entry.name.endsWith('~'))
      .flatMap((entry) => {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        // Folders may be links too: that is how Kubernetes mounts them.
        return statSync(join(dir, path)).isDirectory() ? walk(path) : [path];
      });
  return walk('').sort();
}

function readAll(dir: string, problems: Problem[]): Reading {
  const files = listed(dir, problems);
  for (const file of files) checkFileName(file, problems);
  const people = readPeople(dir, problems);
  return {
    systems: readSystems(dir, problems),
    naming: readNaming(dir, problems),
    roles: files.filter(isRoleFile).flatMap((file) => readRole(dir, file, problems) ?? []),
    policy: readPolicy(dir, problems),
    people,
    labels: readLabels(dir, problems),
    territory: readTerritory(dir, files, people, problems),
    checklist: readChecklist(dir, files.includes(CLOSE_FILE), problems),
    bookingFields: readBookingFields(dir, files.includes(BOOKING_FIELDS_FILE), problems),
    billing: readBillingSource(dir, files.includes(BILLING_FILE), problems),
    calendars: files
      .filter((file) => CALENDAR_FILE.test(file))
      .flatMap((file) => readCalendar(dir, file, problems) ?? []),
    issueTemplates: files
      .filter(isIssueTemplate)
      .flatMap((file) => readIssueTemplate(dir, file, problems) ?? []),
  };
}

function listed(dir: string, problems: Problem[]): string[] {
  try {
    return filesBelow(dir);
  } catch {
    problems.push({
      file: dir,
      line: 1,
      problem: "the configuration folder can't be read",
      mend: 'Set DAYTWO_CONFIG_DIR to it.',
    });
    return [];
  }
}

/** A file that nothing reads is more often misnamed than meant. */
function checkFileName(file: string, problems: Problem[]): void {
  if (file.startsWith(`${ISSUE_TEMPLATES}/`) && !isIssueTemplate(file))
    problems.push({
      file,
      line: 1,
      problem: 'no issue template',
      mend: `Name it ${ISSUE_TEMPLATES}/<name>.md, with letters, digits, _ and -, or take it away.`,
    });
  if (!/\.(ya?ml|json)$/i.test(file)) return;
  if (
    file.startsWith(`${ISSUE_TEMPLATES}/`) ||
    SINGLE_FILES.includes(file) ||
    isRoleFile(file) ||
    CALENDAR_FILE.test(file) ||
    file.startsWith(TERRITORY_FOLDER)
  )
    return;
  const rule = file.startsWith('calendars/')
    ? 'Name it calendars/<CC>.yml, the country in two capital letters.'
    : file.startsWith('roles/')
      ? 'Name it roles/department_<department>/role_<job_title>.yml.'
      : suggestion(file, SINGLE_FILES, 'Take it away.');
  problems.push({ file, line: 1, problem: 'a file that nothing reads', mend: rule });
}

function assemble({
  systems,
  naming,
  roles,
  policy,
  people,
  labels,
  calendars,
  issueTemplates,
  territory,
  checklist,
  bookingFields,
  billing,
}: Reading): Handbook | null {
  if (!systems || !naming || !policy || !people || !labels || !checklist) return null;
  const content = {
    systems: systems.systems,
    rates: systems.rates,
    serviceAccounts: systems.serviceAccounts,
    territories: territoriesOf(territory, people),
    checklist: checklist.tasks.map(({ task }) => task),
    issueTemplates,
    templates: roles.map(({ template }) => template),
    naming: naming.naming,
    policies: policy.versions.map((version) => version.policy),
    people: peopleOf(people),
    labels: labels.labels,
    holidays: Object.fromEntries(calendars.map(({ country, dates }) => [country, dates])),
    ...(bookingFields ? { bookingFields } : {}),
    ...(checklist.quarter ? { quarter: checklist.quarter } : {}),
    ...(billing ? { billing: billing.source } : {}),
    ...territoryOf(territory),
  };
  return { digest: handbookDigest(content), ...content };
}

function peopleOf(people: PeopleReading): Handbook['people'] {
  const { teams, salesOpsTeam, provisioningDris, templateApprovers, approvers } = people;
  return {
    members: people.members.map(({ person }) => person),
    teams,
    salesOpsTeam,
    provisioningDris,
    templateApprovers,
    approvers,
  };
}

function warningsOf({ roles }: Reading): Problem[] {
  return roles
    .filter(({ template }) => !standsAsApproved(template))
    .map(({ file, template }) => {
      const what = template.approval ? 'has changed since it was approved' : 'has not been approved';
      const mend = `Requests made from it wait for an approval of their own. daytwo config approve ${file.file} --by <username>`;
      return file.located(['approved'], what, mend);
    });
}

/** @throws with every problem of the handbook, each with file, line and mend */
export function readHandbook(dir: string): Handbook {
  const loaded = loadHandbook(dir);
  if (!loaded.ok)
    throw new Error(`The handbook does not pass its check:\n${formatProblems(loaded.problems)}`);
  return loaded.handbook;
}
