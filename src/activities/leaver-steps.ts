import { codeSpan } from '../domain/escape';
import type { LeavingPolicy } from '../domain/handbook';
import type { HandoverStep } from '../domain/handover';
import type { HandoverRecord } from '../domain/handover-record';
import { openItem, type LeaverCase, type LeaverItem } from '../domain/leaving';

const HOUR_MS = 3_600_000;
const NO_HEIR = 'step/salesforce/no-heir';
const KEPT = 'step/salesforce/closed';
const UNREAD = 'step/salesforce/unread';

/**
 * While one of these is open the user isn't deactivated: what it owns has no heir, was not read, or is still to be given back to it,
 * and nobody can give a record to an inactive user.
 */
export const isHeld = (items: readonly LeaverItem[]): boolean =>
  items.some(({ id, status }) => status === 'open' && [NO_HEIR, KEPT, UNREAD].includes(id));

/** Whether these are so daytwo sees itself: a tick that isn't so is no end of them, and they end without one. */
const SEEN: readonly string[] = [NO_HEIR, KEPT, UNREAD, 'step/salesforce/refused', 'step/salesforce/jobs'];

/** What became of a leaver's steps, now that these are needed; only those that changed, and new ones. */
export function stepsNow(
  one: LeaverCase,
  needed: readonly HandoverStep[],
  known: readonly LeaverItem[],
  { stepHours }: Pick<LeavingPolicy, 'stepHours'>,
): readonly LeaverItem[] {
  const dueAt = new Date(Date.parse(one.timeZero) + stepHours * HOUR_MS).toISOString();
  const before = new Map(known.map((item) => [item.id, item]));
  const texts = new Map(needed.map(({ id, text }) => [id, text]));
  const wanted = [...texts].flatMap(([id, text]): LeaverItem[] => {
    const item = before.get(id);
    if (!item) return [stepItem({ id, text }, dueAt)];
    if (item.status === 'open') return item.text === text ? [] : [{ ...item, text }];
    if (!SEEN.includes(id)) return [];
    return [{ ...item, text, status: 'open', how: null, by: null, at: null, problem: 'it is so still' }];
  });
  const over = known
    .filter(({ id, status }) => status === 'open' && SEEN.includes(id) && !texts.has(id))
    .map((item): LeaverItem => ({
      ...item,
      status: 'done',
      how: 'verified',
      by: 'daytwo',
      at: new Date().toISOString(),
      problem: null,
    }));
  return [...wanted, ...over];
}

const stepItem = (step: HandoverStep, dueAt: string): LeaverItem =>
  openItem({ ...step, kind: 'step', system: 'salesforce', dueAt });

/** What Salesforce refused, as steps for a person: records that need another owner, and closed ones that must go back. */
export function stepsOfRefused(records: readonly HandoverRecord[]): readonly HandoverStep[] {
  const refused = records.filter(({ state }) => state === 'refused');
  const kept = refused.filter(({ what }) => what === 'stay');
  const others = refused.filter(({ what }) => what !== 'stay');
  const steps: HandoverStep[] = [];
  if (others.length > 0)
    steps.push({
      id: 'step/salesforce/refused',
      text: `Salesforce: give these another owner, or remove them from it; it refused ${listed(others)}`,
    });
  if (kept.length > 0)
    steps.push({
      id: KEPT,
      text: `Salesforce: give these closed or locked opportunities back to them before the user is deactivated; it refused ${listed(kept)}`,
    });
  return steps;
}

/** What they own could not be read or changed at all. */
export const unreadStep = (code: string): HandoverStep => ({
  id: UNREAD,
  text: `Salesforce: what they own could not be handed over, it refused: ${codeSpan(code)}. Give daytwo's user the right, or do it by hand`,
});

/** Ids that are shown of a list, the rest is counted. */
const SHOWN = 10;

function listed(records: readonly HandoverRecord[]): string {
  const codes = [...new Set(records.map(({ code }) => code ?? 'UNKNOWN'))].sort().map(codeSpan).join(', ');
  const ids = records
    .slice(0, SHOWN)
    .map(({ object, recordId }) => `${object} ${codeSpan(recordId)}`)
    .join(', ');
  const more = records.length > SHOWN ? ` and ${records.length - SHOWN} more` : '';
  return `${records.length} (${codes}): ${ids}${more}`;
}
