import { daysBetween } from '../dates';
import { mailHeader, mailLine } from '../escape';
import type { Day, Instant } from './columns';
import { holdsLight, type Finding } from './findings';
import { dollars } from './cents';
import { periodTitle } from './text';

/** "Owners get one digest, not one mail a finding." */
export interface OwnerMailPolicy {
  /** Calendar days before the last day of a period from which on owners are told; null: they are told nothing. */
  readonly fromDaysBefore: number | null;
  /** Days after which what is still wrong is told again, though nothing is new. */
  readonly againAfterDays: number;
}

/** What somebody was told last. */
export interface Told {
  readonly at: Instant;
  /** Ids of the findings that stood in it. */
  readonly findings: readonly string[];
}

/** Findings that owners mend, by the CRM's id of the owner; null: those of nobody. The longest open come first. */
export function mendedByOwners(findings: readonly Finding[]): ReadonlyMap<string | null, readonly Finding[]> {
  const byOwner = new Map<string | null, Finding[]>();
  const open = findings.filter((finding) => holdsLight(finding) && finding.mender === 'owner');
  for (const finding of [...open].sort(
    (a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id),
  )) {
    const theirs = byOwner.get(finding.ownerId);
    if (theirs) theirs.push(finding);
    else byOwner.set(finding.ownerId, [finding]);
  }
  return byOwner;
}

/**
 * Whether somebody is told of these findings today: once a day at most, and only of what they were not told before, or of what
 * still stands after some days.
 *
 * @param dayOf the day of an instant where the business is
 */
export function isToldToday(
  findings: readonly Finding[],
  told: Told | undefined,
  {
    today,
    dayOf,
    policy,
  }: { readonly today: Day; readonly dayOf: (at: Instant) => Day; readonly policy: OwnerMailPolicy },
): boolean {
  if (findings.length === 0) return false;
  if (!told) return true;
  const days = daysBetween(dayOf(told.at), today);
  if (days <= 0) return false;
  const known = new Set(told.findings);
  return days >= policy.againAfterDays || findings.some(({ id }) => !known.has(id));
}

/** Where a record is looked at. */
export type LinkOf = (record: string) => string;
interface Words {
  readonly subject: string;
  readonly text: string;
}
interface Occasion {
  readonly period: string;
  /** The last day on which a submission counts. */
  readonly lastDay: Day;
  /** IANA zone in which that day ends. */
  readonly zone: string;
  readonly today: Day;
  readonly linkOf: LinkOf;
}

/** What an owner is to mend, record by record: theirs alone, in the words of the checks. */
export function ownerMail(findings: readonly Finding[], occasion: Occasion): Words {
  const count = new Set(findings.map(({ record }) => record)).size;
  return {
    subject: mailHeader(`${periodTitle(occasion.period)}: ${bookings(count)} of yours would not book`),
    text: lines([
      `${count === 1 ? 'One booking' : `${count} bookings`} of yours would not book as ${count === 1 ? 'it stands' : 'they stand'}. ${untilWhen(occasion)}`,
      ...recordsOf(findings, occasion.linkOf),
      'What you mend in Salesforce is seen by itself in the next night. Where a rule does not fit, ask Sales Operations: they can have it accepted with a reason.',
    ]),
  };
}

/** What nobody can be told: the owner is unknown or no longer active. By owner, for Sales Operations. */
export function ownerlessMail(
  byOwner: ReadonlyMap<string | null, readonly Finding[]>,
  occasion: Occasion,
): Words {
  const records = new Set([...byOwner.values()].flat().map(({ record }) => record)).size;
  return {
    subject: mailHeader(`${periodTitle(occasion.period)}: ${bookings(records)} without an owner to tell`),
    text: lines([
      `These bookings would not book as they stand, and no active user of Salesforce owns them. Give each to somebody, or mend it. ${untilWhen(occasion)}`,
      ...[...byOwner].flatMap(([owner, findings]) => [
        owner === null ? 'Without an owner:' : `Of the user ${mailLine(owner)}, who is inactive or unknown:`,
        ...recordsOf(findings, occasion.linkOf),
      ]),
    ]),
  };
}

const untilWhen = ({ today, lastDay, zone }: Occasion): string =>
  today <= lastDay
    ? `The period ends with ${lastDay}, as the day ends in ${zone}.`
    : `The period ended with ${lastDay}, and it can not be locked before.`;

/** A mail names so many records; all of them: `daytwo close findings`. */
const MOST_NAMED = 50;

function recordsOf(findings: readonly Finding[], linkOf: LinkOf): readonly string[] {
  const records = new Map<string, Finding[]>();
  for (const finding of findings) {
    const its = records.get(finding.record);
    if (its) its.push(finding);
    else records.set(finding.record, [finding]);
  }
  const named = [...records]
    .slice(0, MOST_NAMED)
    .map(([record, its]) =>
      [
        `${mailLine(record)}${amountOf(its)}  ${linkOf(record)}`,
        ...its.map(({ what, mend }) => `  - ${mailLine(sentence(what))} ${mailLine(mend)}`.trimEnd()),
      ].join('\n'),
    );
  const more = records.size - MOST_NAMED;
  return more > 0 ? [...named, `… and ${more} more.`] : named;
}

const amountOf = ([finding]: readonly Finding[]): string =>
  typeof finding?.amountCents === 'number' ? `, ${dollars(finding.amountCents)}` : '';
const sentence = (words: string): string => (/[.?!]$/.test(words) ? words : `${words}.`);
const bookings = (count: number): string => `${count} booking${count === 1 ? '' : 's'}`;
const lines = (paragraphs: readonly string[]): string => `${paragraphs.join('\n\n')}\n`;
