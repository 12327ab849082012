import { groupedBy } from '../grouped';
import type { FieldValues } from './bulk-ingest';
import { mayPass } from './errors';
import { isSameValue } from './field-values';
import type { Org, Saved } from './org';
import { textOf, type Row } from './soql';

const [ACCOUNT, OPPORTUNITY] = ['Account', 'Opportunity'];
const OWNER = 'OwnerId';

/** An opportunity as it stands before its account gets another owner. */
export interface AccountOpportunity {
  readonly id: string;
  readonly accountId: string;
  readonly ownerId: string;
  readonly stage: string;
  readonly isClosed: boolean;
  readonly heldUntil: string | null;
}

export interface OpportunityTransfer {
  readonly id: string;
  /** Who owned it before its account moved. */
  readonly from: string;
  /** Who shall own it. A closed one stays with whom it was, whatever this says. */
  readonly to: string;
  /** What else is written, such as the day until which it is held over. */
  readonly values: FieldValues;
  /** Of these fields, only those are written that still stand so: what is newer stays. */
  readonly onlyFrom?: FieldValues;
}

/** An account to its new owner. */
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** What is written together with the owner, by field. */
  readonly values: FieldValues;
  /** Of these fields, only those are written that still stand so: what is newer stays. */
  readonly onlyFrom?: FieldValues;
  /** A field of `values`, and how what is written there begins: an account that shows it was written. */
  readonly mark: { readonly field: string; readonly line: string };
  /** All of its opportunities, as `opportunitiesOf` told them before the first try: an org moves some along by itself. */
  readonly opportunities: readonly OpportunityTransfer[];
}

export type TransferOutcome =
  /** `wrong`: opportunities that the org doesn't show as they should be. */
  | { readonly kind: 'transferred' | 'already'; readonly wrong: readonly WrongOpportunity[] }
  /** Somebody gave it to another since: nothing is written any more. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly code: string; readonly again: boolean };

/** An opportunity that isn't as it should be, and what was answered when it was written. */
export interface WrongOpportunity {
  readonly id: string;
  /** Null: it was taken, and yet isn't shown so. */
  readonly code: string | null;
  /** Whether another try may mend it. */
  readonly again: boolean;
}

type Change = Readonly<Record<string, unknown>> & { readonly Id: string };

/** Gives accounts to other owners, their opportunities with them or not. */
export class TerritoryTransfers {
  constructor(private readonly org: Pick<Org, 'queriesIn' | 'retrieve' | 'update'>) {}

  /** @param heldOver the field that says until when one is held by its owner */
  async opportunitiesOf(
    accountIds: readonly string[],
    heldOver: string,
  ): Promise<readonly AccountOpportunity[]> {
    if (accountIds.length === 0) return [];
    const select = `SELECT Id, AccountId, ${OWNER}, StageName, IsClosed, ${heldOver} FROM ${OPPORTUNITY}`;
    const [rows = []] = await this.org.queriesIn([{ select, field: 'AccountId', values: accountIds }]);
    return rows.map((row) => ({
      id: textOf(row, 'Id'),
      accountId: textOf(row, 'AccountId'),
      ownerId: textOf(row, OWNER),
      stage: textOf(row, 'StageName'),
      isClosed: row['IsClosed'] === true,
      heldUntil: textOf(row, heldOver) || null,
    }));
  }

  /**
   * Owner, territory, segment and employees go in one write an account, then the opportunities are put as they should be, then all
   * is read back. Made again after whatever end, it does what is left; an account that somebody moved elsewhere, or gave back since it
   * was written, stays there.
   */
  async transfer(transfers: readonly Transfer[]): Promise<ReadonlyMap<string, TransferOutcome>> {
    const outcomes = new Map<string, TransferOutcome>();
    const fields = new Set(transfers.flatMap(({ values }) => Object.keys(values)));
    const rows = await this.#rows(ACCOUNT, transfers, ['Id', OWNER, ...fields]);
    const changes: Change[] = [];
    for (const one of transfers) {
      const row = rows.get(one.id);
      const owner = textOf(row, OWNER);
      const wasWritten = textOf(row, one.mark.field).startsWith(one.mark.line);
      if (!row) outcomes.set(one.id, { kind: 'gone' });
      else if (one.to === '') outcomes.set(one.id, { kind: 'refused', code: 'NO_OWNER', again: false });
      else if (wasWritten && owner !== one.to) outcomes.set(one.id, { kind: 'changed' });
      else if (wasWritten) outcomes.set(one.id, { kind: 'already', wrong: [] });
      else if (owner === one.from || owner === one.to)
        changes.push({ ...stillFrom(one, row), [OWNER]: one.to, Id: one.id });
      else outcomes.set(one.id, { kind: 'changed' });
    }
    for (const [id, saved] of await this.#write(ACCOUNT, changes)) outcomes.set(id, outcomeOf(saved));
    const moved = transfers.filter(({ id }) => 'wrong' in (outcomes.get(id) ?? {}));
    const answers = await this.#putOpportunitiesRight(moved);
    const wrong = groupedBy(await this.#wrong(moved), ({ account }) => account);
    for (const { id } of moved) {
      const outcome = outcomes.get(id);
      const still = (wrong.get(id) ?? []).map(({ change }) => wrongOf(change.Id, answers.get(change.Id)));
      if (outcome && 'wrong' in outcome) outcomes.set(id, { ...outcome, wrong: still });
    }
    return outcomes;
  }

  async #putOpportunitiesRight(transfers: readonly Transfer[]): Promise<ReadonlyMap<string, Saved>> {
    const wrong = await this.#wrong(transfers);
    return this.#write(
      OPPORTUNITY,
      wrong.map(({ change }) => change),
    );
  }

  /** Opportunities that aren't as they should be, and what to write for it. What somebody gave to a third is theirs. */
  async #wrong(
    transfers: readonly Transfer[],
  ): Promise<readonly { readonly account: string; readonly change: Change }[]> {
    const all = transfers.flatMap((of) => of.opportunities.map((one) => ({ of, one })));
    const fields = new Set(all.flatMap(({ one }) => Object.keys(one.values)));
    const rows = await this.#rows(
      OPPORTUNITY,
      all.map(({ one }) => one),
      ['Id', OWNER, 'IsClosed', ...fields],
    );
    return all.flatMap(({ of, one }) => {
      const row = rows.get(one.id);
      if (!row || ![one.from, one.to, of.to].includes(textOf(row, OWNER))) return [];
      const wanted: FieldValues =
        row['IsClosed'] === true ? { [OWNER]: one.from } : { ...stillFrom(one, row), [OWNER]: one.to };
      const open = Object.entries(wanted).filter(([field, value]) => !isSameValue(row[field], value));
      return open.length === 0
        ? []
        : [{ account: of.id, change: { ...Object.fromEntries(open), Id: one.id } }];
    });
  }

  /** What each was answered with; those that a lock or the like kept from it are tried once more. */
  async #write(object: string, changes: readonly Change[]): Promise<ReadonlyMap<string, Saved>> {
    const answers = new Map<string, Saved>();
    const write = async (some: readonly Change[]): Promise<void> => {
      if (some.length === 0) return;
      const saved = await this.org.update(object, some);
      some.forEach(({ Id }, at) => answers.set(Id, saved[at] ?? { success: false }));
    };
    await write(changes);
    await write(changes.filter(({ Id }) => mayPass(answers.get(Id)?.code)));
    return answers;
  }

  async #rows(
    object: string,
    wanted: readonly { readonly id: string }[],
    fields: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> {
    const ids = wanted.map(({ id }) => id);
    return new Map((await this.org.retrieve(object, ids, fields)).map((row) => [textOf(row, 'Id'), row]));
  }
}

/** The values that may be written: what somebody changed since stays. */
const stillFrom = ({ values, onlyFrom = {} }: Pick<Transfer, 'values' | 'onlyFrom'>, row: Row): FieldValues =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([field]) => !(field in onlyFrom) || isSameValue(row[field], onlyFrom[field] ?? null),
    ),
  );

/** What was refused for a reason that stays isn't mended by another try. */
function wrongOf(id: string, answer: Saved | undefined): WrongOpportunity {
  const code = answer && !answer.success ? (answer.code ?? 'UNKNOWN') : null;
  return { id, code, again: code === null || mayPass(code) };
}

function outcomeOf({ success, code = 'UNKNOWN' }: Saved): TransferOutcome {
  return success ? { kind: 'transferred', wrong: [] } : { kind: 'refused', code, again: mayPass(code) };
}
