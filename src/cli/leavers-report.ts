import { csvCell } from '../domain/escape';
import type { LeaverCase, LeaverItem } from '../domain/leaving';
import { lastDayOf } from '../domain/leaving';

/** One system of one leaver, as an auditor asks for it. */
export interface LeaverLine {
  readonly employee_id: string;
  readonly kind: string;
  /** The day that HR gave. */
  readonly hr_date: string;
  readonly time_zero: string;
  readonly frozen_at: string | null;
  /** Seconds from time zero to the freeze. */
  readonly frozen_after_s: number | null;
  readonly system: string;
  readonly status: LeaverItem['status'];
  readonly settled_at: string | null;
  readonly due_at: string;
  /** Null while it is open and not yet due. */
  readonly within_deadline: boolean | null;
  readonly how: LeaverItem['how'];
  readonly by: string | null;
  readonly found: number;
  /** Of what was found, what nobody ever asked for. */
  readonly unasked: number;
}

/** The lines of one leaver: each system once, and what had to be settled besides. */
export function linesOf(one: LeaverCase, items: readonly LeaverItem[], now: string): readonly LeaverLine[] {
  return items.map((item) => ({
    employee_id: one.employeeId,
    kind: one.event.kind,
    hr_date: lastDayOf(one.event),
    time_zero: one.timeZero,
    frozen_at: one.frozenAt,
    frozen_after_s:
      one.frozenAt === null
        ? null
        : Math.max(0, Math.round((Date.parse(one.frozenAt) - Date.parse(one.timeZero)) / 100) / 10),
    system: item.id,
    status: item.status,
    settled_at: item.at,
    due_at: item.dueAt,
    within_deadline: withinDeadline(item, now),
    how: item.how,
    by: item.by,
    found: item.found.length,
    unasked: item.found.filter(({ asked }) => !asked).length,
  }));
}

function withinDeadline({ status, at, dueAt }: LeaverItem, now: string): boolean | null {
  if (status !== 'open' && at !== null) return Date.parse(at) <= Date.parse(dueAt);
  return Date.parse(now) > Date.parse(dueAt) ? false : null;
}

/** As CSV (RFC 4180) that no spreadsheet reads as a formula. */
export function csvOf(lines: readonly LeaverLine[]): readonly string[] {
  const fields = [
    'employee_id', 'kind', 'hr_date', 'time_zero', 'frozen_at', 'frozen_after_s', 'system', 'status', 'settled_at',
    'due_at', 'within_deadline', 'how', 'by', 'found', 'unasked',
  ] as const; // prettier-ignore
  return [
    fields.join(','),
    ...lines.map((line) => fields.map((field) => csvCell(String(line[field] ?? ''))).join(',')),
  ];
}

/** So many of a list, the same for the same seed: the sample that an auditor asks for. */
export function sampleOf<T>(list: readonly T[], size: number, seed: number): readonly T[] {
  const left = [...list];
  const picked: T[] = [];
  let state = seed >>> 0;
  while (picked.length < size && left.length > 0) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const [one] = left.splice(Math.floor((state / 4_294_967_296) * left.length), 1);
    if (one !== undefined) picked.push(one);
  }
  return picked;
}
