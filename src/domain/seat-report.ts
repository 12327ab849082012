import type { SeatClass, SeatPolicy } from './handbook';
import {
  classAt,
  freeOf,
  inTurn,
  isOffered,
  type SeatCount,
  type SeatWant,
  type SeatKey,
} from './seat-queue';

/** A pool for those who look: what it has, and who waits. */
export interface SeatReport {
  readonly pool: string;
  /** Null where there are as many as wanted, or nobody has read it yet. */
  readonly total: number | null;
  readonly used: number | null;
  /** Promised to somebody and not yet taken. */
  readonly reserved: number;
  readonly free: number | null;
  /** When the system was read; null: not yet. */
  readonly asOf: string | null;
  readonly waiting: readonly WaitingLine[];
}

export interface WaitingLine extends SeatKey {
  readonly request: string;
  readonly since: string;
  readonly class: SeatClass;
  /** Counts from 1; null while a seat is kept for them. When it comes nobody can honestly say. */
  readonly turn: number | null;
  readonly offeredUntil: string | null;
}

/** @param held seats promised to batches under way */
export function seatReport(
  pool: string,
  seen: (SeatCount & { readonly at: string }) | null,
  wants: readonly SeatWant[],
  held: number,
  policy: Pick<SeatPolicy, 'classes' | 'moveUpDays'>,
  now: string,
): SeatReport {
  const offered = wants.filter((want) => isOffered(want, now));
  const waiting = inTurn(
    wants.filter((want) => !isOffered(want, now)),
    policy,
    now,
  );
  const reserved = held + offered.length;
  const free = seen && freeOf(seen, reserved);
  const line = (want: SeatWant, turn: number | null): WaitingLine => ({
    request: want.request,
    workflowId: want.workflowId,
    task: want.task,
    employeeId: want.employeeId,
    since: want.since,
    class: classAt(want, now),
    turn,
    offeredUntil: turn === null ? want.offeredUntil : null,
  });
  return {
    pool,
    total: seen?.total ?? null,
    used: seen?.used ?? null,
    reserved,
    free: free === null || !Number.isFinite(free) ? null : free,
    asOf: seen?.at ?? null,
    waiting: [
      ...offered.map((want) => line(want, null)),
      ...waiting.map((want, index) => line(want, index + 1)),
    ],
  };
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const end = teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${end}`;
}
