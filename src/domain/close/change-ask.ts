import { isCalendarDate } from '../dates';
import { CHANGEABLE, changeName, fieldOf, isStanding } from './change';
import type { ChangeEdit, ChangePolicy, PeriodChange } from './change';
import { isLocked, type CloseCase } from './close';
import { isWithin, type Month, type Period } from './period';
import { centsOf } from './cents';
import { longId } from './record-id';
import { FIELD_NAMES, valueText, type ClosedRecord, type Counted, type Value } from './records';

/** An edit as somebody wrote it. */
export interface WrittenEdit {
  /** Where it stands: `--set`, `line 3`. */
  readonly place: string;
  readonly record: string;
  readonly field: string;
  readonly value: string;
}

export interface AskProblem {
  readonly place: string;
  readonly problem: string;
  readonly mend: string;
}

/** A record as the CRM has it now, wherever it belongs. */
export type NamedRecord = ClosedRecord & { readonly isClosed: boolean };

/** What an ask is judged by. */
export interface AskGround {
  readonly period: Period;
  /** Null where no close of the period was begun. */
  readonly close: Pick<CloseCase, 'phase'> | null;
  readonly records: readonly NamedRecord[];
  /** Of the same period. */
  readonly changes: readonly PeriodChange[];
  /** Other periods that are locked. */
  readonly lockedPeriods: readonly Month[];
  readonly policy: ChangePolicy;
}

/** So many records can be changed all or none. */
export const MOST_RECORDS = 200;

/** The ids that are named, in their long form; what is no id is told by `judgeAsk`. */
export const idsNamed = (written: readonly WrittenEdit[]): readonly string[] => [
  ...new Set(written.flatMap(({ record }) => longId(record.trim()) ?? [])),
];

/**
 * Whether a change may be asked for: of a locked period, of records that are in it, of fields that policy allows, and nothing
 * that was asked already. Every problem is named with what mends it.
 */
export function judgeAsk(
  written: readonly WrittenEdit[],
  ground: AskGround,
): { readonly edits: readonly ChangeEdit[]; readonly problems: readonly AskProblem[] } {
  const { period, close } = ground;
  const whole = (problem: string, mend: string) => ({
    edits: [],
    problems: [{ place: period.key, problem, mend }],
  });
  if (!close) return whole('no close of it was begun, so it is not locked', 'Edit the record in Salesforce.');
  if (!isLocked(close)) return whole('it is not locked', 'Edit the record in Salesforce.');
  if (written.length === 0)
    return whole('nothing is to be changed', 'Say what: --record <id> --set Amount=1000.00.');
  const edits: ChangeEdit[] = [];
  const problems: AskProblem[] = [];
  for (const one of written) {
    const read = readEdit(one, edits, ground);
    if ('problem' in read) problems.push({ place: one.place, ...read });
    else edits.push(read);
  }
  if (new Set(edits.map(({ record }) => record)).size > MOST_RECORDS)
    problems.push({
      place: period.key,
      problem: `names more than ${MOST_RECORDS} records`,
      mend: 'A change is made whole or not at all: ask for it in parts.',
    });
  if (problems.length === 0) problems.push(...askedBefore(edits, ground));
  return { edits, problems };
}

type Told = Omit<AskProblem, 'place'>;

function readEdit(
  written: WrittenEdit,
  others: readonly ChangeEdit[],
  { period, records, lockedPeriods, policy }: AskGround,
): ChangeEdit | Told {
  const allowed = CHANGEABLE.filter((name) => policy.fields.includes(name)).join(', ');
  const id = longId(written.record.trim());
  if (id === null)
    return {
      problem: `"${written.record}" is no id of a record`,
      mend: 'Write the 15 or 18 letters and digits of its address in Salesforce.',
    };
  const record = records.find((one) => one.id === id);
  if (!record)
    return {
      problem: `there is no opportunity ${id}`,
      mend: "See its address in Salesforce, and that the integration user sees it. A deleted one can't be changed.",
    };
  if (!record.isClosed)
    return { problem: `${id} is open, so no period holds it`, mend: 'Edit it in Salesforce.' };
  if (!isWithin(period, record.closeDate))
    return {
      problem: `${id} closed on ${record.closeDate}: it isn't in ${period.key}`,
      mend: `Ask for a change of ${record.closeDate.slice(0, 7)}.`,
    };
  const field = fieldOf(written.field);
  if (field === null || !policy.fields.some((name) => name === FIELD_NAMES[field]))
    return {
      problem: `${written.field} isn't changed in a locked period`,
      mend: `Policy allows ${allowed || 'no field'} (close.change.fields).`,
    };
  const to = readValue(field, written.value.trim());
  if (typeof to === 'object' && to !== null) return to;
  const from = record[field];
  if (from === to)
    return {
      problem: `${FIELD_NAMES[field]} of ${id} says "${valueText(field, from)}" already`,
      mend: 'Leave it out.',
    };
  if (others.some((other) => other.record === id && other.field === field))
    return { problem: `${FIELD_NAMES[field]} of ${id} is named twice`, mend: 'Leave one out.' };
  const into = field === 'closeDate' ? lockedPeriods.find((one) => isWithin(one, String(to))) : undefined;
  if (into && into.key !== period.key)
    return {
      problem: `${String(to)} is in ${into.key}, which is locked, too`,
      mend: 'Choose a day of a period that is not locked.',
    };
  return { record: id, field, from, to };
}

/** Reads a value as the field has it. An empty one is nothing, where a record may do without. */
function readValue(field: Counted, text: string): Value | Told {
  const name = FIELD_NAMES[field];
  if (text === '')
    return field === 'amountCents' || field === 'type'
      ? null
      : { problem: `${name} can't be empty`, mend: 'Say what it is to be.' };
  switch (field) {
    case 'amountCents': {
      return (
        centsOf(text) ?? {
          problem: `"${text}" is no amount`,
          mend: 'Write it as 1234.50: a point, no other separators, no currency.',
        }
      );
    }
    case 'closeDate':
      return isCalendarDate(text)
        ? text
        : { problem: `"${text}" is no day of the calendar`, mend: 'Write it as YYYY-MM-DD.' };
    case 'ownerId':
    case 'accountId':
      return (
        longId(text) ?? {
          problem: `"${text}" is no id of a record`,
          mend: 'Write the 15 or 18 letters and digits of its address in Salesforce.',
        }
      );
    case 'stage':
    case 'type':
      return text.length <= 255
        ? text
        : { problem: `${name} is longer than 255 characters`, mend: 'Write one of the values of its list.' };
  }
}

/** What waits already: the same change, or another one of the same field. */
function askedBefore(edits: readonly ChangeEdit[], { changes, period }: AskGround): readonly AskProblem[] {
  const standing = changes.filter(isStanding);
  const same = standing.find((change) => linesOf(change.edits) === linesOf(edits));
  if (same)
    return [
      {
        place: period.key,
        problem: `this was asked already, as ${changeName(same)}`,
        mend: `See how it stands: daytwo show ${changeName(same)}.`,
      },
    ];
  return edits.flatMap((edit) => {
    const other = standing.find((change) =>
      change.edits.some(({ record, field }) => record === edit.record && field === edit.field),
    );
    return other
      ? [
          {
            place: period.key,
            problem: `${FIELD_NAMES[edit.field]} of ${edit.record} is to be changed by ${changeName(other)}, too`,
            mend: `Have that one decided, or withdrawn (daytwo cancel ${changeName(other)}), first.`,
          },
        ]
      : [];
  });
}

const linesOf = (edits: readonly ChangeEdit[]): string =>
  edits
    .map(({ record, field, from, to }) => JSON.stringify([record, field, from, to]))
    .sort()
    .join('\n');
