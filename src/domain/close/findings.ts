import { canonicalJson } from '../digest';
import type { Booking } from './booking';
import type { BookingPolicy } from './booking-policy';
import type { Close, Mender } from './check';
import { CHECKS } from './checks';
import { concernOf } from './concern';
import type { CloseChecks } from './close';
import type { Day } from './columns';
import { judge, type Actionable, type Judgement } from './judge';

/** Open, and of this period: it holds the green light until it is mended or accepted. */
export const holdsLight = ({ state, later }: Pick<Finding, 'state' | 'later'>): boolean =>
  state === 'open' && later !== true;

/** Without what was found of open deals that are expected after the period. */
export const ofPeriod = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ later }) => later !== true);

/** What is wrong, one row each: it keeps its identity from day to day, and closes by itself when it is mended. */
export interface Finding {
  /** Check, record, and the how-manieth time: `po-currency/006…/2` is another one than the first. */
  readonly id: string;
  readonly check: string;
  readonly record: string;
  readonly times: number;
  readonly since: Day;
  readonly kind: Actionable['kind'];
  readonly what: string;
  readonly mend: string;
  readonly mender: Mender;
  readonly region: string | null;
  readonly ownerId: string | null;
  readonly amountCents: number | null;
  /** Of an open deal that is expected after the period: it holds no green light. */
  readonly later?: true;
  /** Of everything that the check may have looked at: accepted is what stood there then. */
  readonly inputs: string;
  readonly state: 'open' | 'accepted' | 'closed';
  readonly closedOn: Day | null;
  readonly accepted: Acceptance | null;
}

export interface Acceptance {
  /** User name. */
  readonly by: string;
  readonly on: Day;
  readonly reason: string;
}

/** What was found today of one record. */
export type Found = Omit<Finding, 'id' | 'times' | 'since' | 'state' | 'closedOn' | 'accepted'>;

const MENDERS: ReadonlyMap<string, Mender> = new Map(CHECKS.map(({ id, mender }) => [id, mender]));

/** What there is to do about a booking, as rows. */
export function foundIn(booking: Booking, close: Close): readonly Found[] {
  const judgements = judge(booking, close);
  if (judgements.length === 0) return [];
  const inputs = inputsOf(booking);
  const later = concernOf(booking, close.period) === 'expected_later' ? { later: true as const } : {};
  return judgements.map((judgement) => ({ ...foundOf(booking, judgement, inputs), ...later }));
}

function foundOf(booking: Booking, { check, verdict }: Judgement, inputs: string): Found {
  return {
    check,
    record: booking.id,
    kind: verdict.kind,
    ...wordsOf(verdict),
    mender: MENDERS.get(check) ?? 'sales_ops',
    region: booking.region,
    ownerId: booking.ownerId,
    amountCents: booking.amount,
    inputs,
  };
}

function wordsOf(verdict: Actionable): { readonly what: string; readonly mend: string } {
  switch (verdict.kind) {
    case 'reject':
      return { what: verdict.reason, mend: verdict.mend };
    case 'roll':
      return { what: verdict.reason, mend: 'Book it in the next period.' };
    case 'back_date':
      return { what: verdict.reason, mend: `Set the close date to ${verdict.to}.` };
    case 'needs_person':
      return { what: verdict.question, mend: 'Answer in the record, or have the finding accepted.' };
  }
}

/** One look at records: those named were judged, others weren't looked at. */
export interface Look {
  readonly on: Day;
  /** By record; an empty list says that all is well. */
  readonly judged: ReadonlyMap<string, readonly Found[]>;
  /** Every record of the period was looked at: what isn't named is gone. */
  readonly whole: boolean;
}

/** The findings after a look, from those before it. Closed ones stay as they were. */
export function afterLook(known: readonly Finding[], look: Look): readonly Finding[] {
  const times = new Map<string, number>();
  const still = new Map<string, Found>();
  for (const found of [...look.judged.values()].flat()) still.set(keyOf(found), found);
  const kept = known.map((finding) => {
    const key = keyOf(finding);
    times.set(key, Math.max(times.get(key) ?? 0, finding.times));
    if (finding.state === 'closed') return finding;
    const found = still.get(key);
    if (found) {
      still.delete(key);
      return goesOn(finding, found);
    }
    const seen = look.judged.has(finding.record) || look.whole;
    return seen ? { ...finding, state: 'closed' as const, closedOn: look.on } : finding;
  });
  const fresh = [...still].map(([key, found]): Finding => {
    const count = (times.get(key) ?? 0) + 1;
    return {
      ...found,
      id: `${key}/${count}`,
      times: count,
      since: look.on,
      state: 'open',
      closedOn: null,
      accepted: null,
    };
  });
  return [...kept, ...fresh];
}

/** What was accepted is open again where another thing is wrong now, or the record says something else. */
function goesOn(finding: Finding, found: Found): Finding {
  const same =
    finding.kind === found.kind &&
    finding.inputs === found.inputs &&
    withoutNumbers(finding.what) === withoutNumbers(found.what);
  const stays = finding.state === 'accepted' && same;
  const { later: _, ...before } = finding;
  return {
    ...before,
    ...found,
    state: stays ? 'accepted' : 'open',
    accepted: stays ? finding.accepted : null,
  };
}

/** Accepts a finding with a reason. @returns why not, where it isn't accepted */
export function acceptFinding(
  finding: Finding,
  acceptance: Acceptance,
  { acceptedBy }: Pick<BookingPolicy, 'acceptedBy'>,
): { readonly finding: Finding } | { readonly refused: string } {
  if (finding.state === 'closed') return { refused: 'it is mended already' };
  if (!acceptedBy.includes(acceptance.by)) return { refused: 'policy does not name them for it' };
  if (acceptance.reason.trim() === '') return { refused: 'a reason is needed' };
  return { finding: { ...finding, state: 'accepted', accepted: acceptance } };
}

/** Checks that are named in what a close keeps of itself; all of them stand in the store. */
const MOST_NAMED = 12;

/** The check that names what should have closed before. */
export const PAST_DATED = 'past-dated';

export const openOf = (findings: readonly Finding[], check: string): number =>
  findings.filter((one) => holdsLight(one) && one.check === check).length;

export function checksOf(findings: readonly Finding[]): CloseChecks {
  const open = findings.filter(holdsLight);
  return {
    open: open.length,
    accepted: findings.filter(({ state }) => state === 'accepted').length,
    byCheck: countedByCheck(open).slice(0, MOST_NAMED),
  };
}

/** How many there are of each check, the most first. */
export function countedByCheck(findings: readonly Pick<Finding, 'check'>[]): CloseChecks['byCheck'] {
  const counts = new Map<string, number>();
  for (const { check } of findings) counts.set(check, (counts.get(check) ?? 0) + 1);
  return [...counts]
    .map(([check, count]) => ({ check, count }))
    .sort((a, b) => b.count - a.count || a.check.localeCompare(b.check));
}

const keyOf = ({ check, record }: Pick<Finding, 'check' | 'record'>) => `${check}/${record}`;
/** Days that pass change the count in a sentence, not what is wrong. */
const withoutNumbers = (words: string) => words.replace(/\d+/g, '#');

/**
 * A short text of what the deal is. Its way through the approvals isn't part of it: a deal whose finding was accepted may be
 * approved and won without asking again.
 */
function inputsOf(booking: Booking): string {
  const { stage: _stage, movedOn: _moved, approvals: _approvals, ...deal } = booking;
  return hashOf(canonicalJson(deal));
}

/** 53 bits of a text (cyrb53): tells change, guards nothing. */
export function hashOf(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36);
}
