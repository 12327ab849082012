import type { BookMove } from './book';
import type { HandoverPlan } from './handover';

/** A record that is to be handed over, and how far that is. */
export interface HandoverRecord {
  readonly object: string;
  readonly recordId: string;
  readonly what: 'move' | 'remove' | 'stay';
  readonly fromOwner: string;
  readonly toOwner: string | null;
  readonly state: 'planned' | 'done' | 'put_back' | 'refused';
  readonly code: string | null;
}

/** Objects whose records have an owner that can be read back. */
export const OWNED = ['Account', 'Opportunity', 'Lead', 'Case'] as const;
export const isOwned = ({ object }: Pick<HandoverRecord, 'object'>): boolean =>
  OWNED.some((owned) => owned === object);

export const isUnsettled = ({ state }: HandoverRecord): boolean => state === 'planned' || state === 'refused';

export const keyOf = ({ object, recordId }: Pick<HandoverRecord, 'object' | 'recordId'>): string =>
  `${object}/${recordId}`;

/**
 * What stands in the store before anything moves: the plan as the book is now, and what an earlier try, which may have died in
 * the middle, had planned. What was to stay stays: after its account moved, it shows another owner, or none of theirs.
 */
export function recordsOf(
  { moves, stays }: Pick<HandoverPlan, 'stays'> & { readonly moves: readonly BookMove[] },
  userId: string,
  known: readonly HandoverRecord[],
): readonly HandoverRecord[] {
  const records = new Map(known.map((record) => [keyOf(record), record]));
  const planned = { fromOwner: userId, state: 'planned', code: null } as const;
  const now: HandoverRecord[] = [
    ...moves.map((move): HandoverRecord => ({
      ...planned,
      object: objectOf(move),
      recordId: move.id,
      what: move.field === null ? 'remove' : 'move',
      toOwner: move.to,
    })),
    ...stays.map((recordId): HandoverRecord => ({
      ...planned,
      object: 'Opportunity',
      recordId,
      what: 'stay',
      toOwner: null,
    })),
  ];
  for (const record of now)
    if (records.get(keyOf(record))?.what !== 'stay') records.set(keyOf(record), record);
  return [...records.values()];
}

/** A user whom two hierarchy fields name twice is two records: `User.Regional_Lead__c`. */
const objectOf = ({ object, field }: BookMove): string =>
  object === 'User' ? `User.${field ?? ''}` : object;

/**
 * What is to be written once the accounts have moved, by who owns each opportunity now: closed and locked ones that the org moved along
 * are put back, and open ones that it took elsewhere, or left, go to whom they were planned for. What a person gave to
 * somebody else meanwhile is left there.
 *
 * @param records of one leaver's user, as `recordsOf` says them
 */
export function opportunityMoves(
  records: readonly HandoverRecord[],
  owners: ReadonlyMap<string, string>,
): readonly BookMove[] {
  const along = new Set(
    records.filter((one) => one.object === 'Account' && isUnsettled(one)).map(({ toOwner }) => toOwner),
  );
  return records.flatMap((record): BookMove[] => {
    const { object, recordId: id, what, fromOwner, toOwner } = record;
    const owner = owners.get(id);
    if (object !== 'Opportunity' || owner === undefined) return [];
    const to = what === 'stay' ? fromOwner : toOwner;
    if (owner === to) return [];
    const ours =
      what === 'stay'
        ? isUnsettled(record) || along.has(owner)
        : isUnsettled(record) && (owner === fromOwner || along.has(owner));
    return ours ? [{ object, id, field: 'OwnerId', to }] : [];
  });
}

/** What was seen of a record after the writes. */
export interface Seen {
  /** Whether this try changed it. */
  readonly written: boolean;
  /** The org's code where it refused. */
  readonly code: string | null;
  /** Who owns it now; undefined where it isn't there or isn't shown. */
  readonly owner: string | undefined;
}

/** "Done means verified": what became of a record, by what was read back. */
export function settledRecord(record: HandoverRecord, seen: Seen): HandoverRecord {
  if (!isUnsettled(record) && !seen.written) return record;
  if (record.what === 'stay') return stayed(record, seen);
  const done = { ...record, state: 'done', code: null } as const;
  const refused = (code: string): HandoverRecord => ({ ...record, state: 'refused', code });
  // Memberships, approvals and fields: the book no longer names them, or the org said yes to each.
  if (!isOwned(record)) return seen.code === null ? done : refused(seen.code);
  const { owner, code, written } = seen;
  if (owner !== undefined && owner === record.toOwner) return done;
  if (code !== null && !GONE.includes(code)) return refused(code);
  // Somebody deleted it meanwhile: there is nothing to hand over.
  if (owner === undefined)
    return written && code === null ? refused('NOT_SHOWN') : { ...done, toOwner: null };
  // A person gave it to somebody else meanwhile; but not where the org itself answered yes and did otherwise.
  return written || owner === record.fromOwner ? refused('OWNER_DIFFERS') : { ...done, toOwner: owner };
}

function stayed(record: HandoverRecord, { written, code, owner }: Seen): HandoverRecord {
  // Deleted meanwhile: nobody else has it.
  if (owner === undefined) return { ...record, state: 'done', code: null };
  if (owner !== record.fromOwner) return { ...record, state: 'refused', code: code ?? 'OWNER_DIFFERS' };
  // Once put back, it was: the evidence keeps that the org had moved it.
  return { ...record, state: written || record.state === 'put_back' ? 'put_back' : 'done', code: null };
}

const GONE: readonly string[] = ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'];
