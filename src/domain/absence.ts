/**
 * Who says that somebody is away: GitLab's user status, their calendar, `people.yml` (`handbook`), or HR, who said that they
 * left for good.
 */
export type AbsenceSource = 'gitlab' | 'calendar' | 'handbook' | 'left';

/** A time away as one source says it. Instants in ISO 8601; `until` isn't part of it, and null means that nobody knows. */
export interface Absence {
  readonly from: string;
  readonly until: string | null;
  readonly source: AbsenceSource;
  /** What stands there, for the rule's reader only: a calendar is private, so it is never shown. */
  readonly note: string | null;
}

/** A time away without a gap, as all sources together say it. */
export interface TimeAway {
  readonly from: string;
  readonly until: string | null;
  /** Without repeats, in the order of the alphabet. */
  readonly sources: readonly AbsenceSource[];
}

const at = (instant: string): number => Date.parse(instant);
const end = (until: string | null): number => (until === null ? Infinity : at(until));

/**
 * What all sources say together: any one of them is enough, and times that overlap or touch are one. The order of the
 * sources plays no part; a time that ends before it begins is none.
 */
export function mergeAbsences(absences: readonly Absence[]): readonly TimeAway[] {
  const inOrder = absences
    .filter(({ from, until }) => at(from) < end(until))
    .sort((a, b) => at(a.from) - at(b.from));
  const merged: TimeAway[] = [];
  for (const { from, until, source } of inOrder) {
    const last = merged.at(-1);
    if (last && at(from) <= end(last.until))
      merged[merged.length - 1] = {
        from: last.from,
        until: end(until) > end(last.until) ? until : last.until,
        sources: [...new Set([...last.sources, source])].sort(),
      };
    else merged.push({ from, until, sources: [source] });
  }
  return merged;
}

/** The time away in which an instant lies, or null: the end itself is no longer part of it. */
export const timeAwayAt = (absences: readonly Absence[], instant: string): TimeAway | null =>
  mergeAbsences(absences).find(({ from, until }) => at(from) <= at(instant) && at(instant) < end(until)) ??
  null;

export const isAway = (absences: readonly Absence[], instant: string): boolean =>
  timeAwayAt(absences, instant) !== null;

/** What GitLab shows of a person: https://docs.gitlab.com/api/users/#get-the-status-of-a-user */
export interface UserStatus {
  /** Without colons: `palm_tree`. */
  readonly emoji: string;
  readonly message: string;
  readonly busy: boolean;
  /** When GitLab takes the status away by itself; null: never. */
  readonly clearAt: string | null;
}

/** "On leave" and "out sick" of GitLab's own rule whom not to ask for a review (docs: development/code_review, reviewer roulette). */
const AWAY_EMOJI: ReadonlySet<string> = new Set([
  'palm_tree',
  'beach',
  'beach_umbrella',
  'beach_with_umbrella',
  'umbrella_on_ground',
  'sun_with_face',
  'ferris_wheel',
  'thermometer',
  'face_with_thermometer',
]);

/** The words of the same rule, and how people write the same thing. */
const AWAY_WORDS =
  /\b(?:OOO|OOF|PTO|out[- ]of[- ](?:the[- ])?office|(?:parental|maternity|paternity|sick|medical|family|annual|on|bereavement|unpaid)[- ]leave|friends (?:and|&) family day|vacation(?:ing)?|holidays?|day[s]? off|time off|away)\b/i;
/** Who says that it is over isn't away: "back from PTO", "no longer OOO". */
const IS_OVER = /\b(?:back from|returned from|no longer|not (?:OOO|OOF|PTO|out|on|away))\b/i;

/** Whether a status message or an event's title says that somebody is away. */
export const saysAway = (text: string): boolean => AWAY_WORDS.test(text) && !IS_OVER.test(text);

const HOUR_MS = 3_600_000;

/**
 * Whether a GitLab status means that its owner is away. An emoji or words of being away do. "Busy" alone does too, unless it
 * ends within `busyHours` of being seen first: GitLab's own rule passes over whoever is busy, but 30 minutes or 3 hours of
 * it are a meeting or an afternoon without interruptions, and no reason to take somebody's work away.
 *
 * @param known what GitLab's status said when it was last read; its beginning is kept while the absence lasts
 * @param seenAt the instant of this reading; GitLab doesn't tell since when a status stands
 */
export function absenceOfStatus(
  status: UserStatus,
  known: readonly Absence[],
  seenAt: string,
  busyHours: number,
): Absence | null {
  const before = known.find(({ source }) => source === 'gitlab') ?? null;
  const isOver = status.clearAt !== null && at(status.clearAt) <= at(seenAt);
  const says = AWAY_EMOJI.has(status.emoji) || saysAway(status.message);
  const wasLong = before !== null && before.until === status.clearAt;
  const isLong = status.clearAt === null || at(status.clearAt) - at(seenAt) > busyHours * HOUR_MS;
  if (isOver || !(says || (status.busy && (isLong || wasLong)))) return null;
  return {
    from: before?.from ?? seenAt,
    until: status.clearAt,
    source: 'gitlab',
    note: status.message || null,
  };
}

/** An event of a person's calendar, as far as it tells whether they are away. */
export interface ShownEvent {
  readonly from: string;
  readonly until: string;
  readonly allDay: boolean;
  readonly title: string;
  readonly free: boolean;
  readonly outOfOffice: boolean;
}

/**
 * Whether an event means that its owner is away: it is marked as out of office; its title says so; or it fills whole days and
 * isn't shown as free, as a birthday or a place of work is. A title counts for nothing on hours that are shown as free.
 */
export const isAbsence = ({ allDay, free, outOfOffice, title }: ShownEvent): boolean =>
  outOfOffice || (allDay ? !free || saysAway(title) : !free && saysAway(title));

export const absencesOfEvents = (events: readonly ShownEvent[]): readonly Absence[] =>
  events
    .filter(isAbsence)
    .map(({ from, until, title }) => ({ from, until, source: 'calendar', note: title || null }));

export type AbsencesByName = ReadonlyMap<string, readonly Absence[]>;

/** A source as people call it. */
export const SOURCES: Readonly<Record<AbsenceSource, string>> = {
  gitlab: 'GitLab status',
  calendar: 'calendar',
  handbook: 'people.yml',
  left: 'left the company',
};
