import type { BulkIngest, FieldValues, IngestOptions, IngestOutcome } from './bulk-ingest';
import { mayPass } from './errors';
import { isSameInstant, isSameValue, textIn } from './field-values';
import type { Org } from './org';
import { textOf, type Row } from './soql';

const ACCOUNT = 'Account';
const STAMP = 'SystemModstamp';

/** What a plan wants of an account. */
export interface StagingChange {
  readonly id: string;
  /** The org's stamp of the account when it was read for the plan. */
  readonly changedAt: string;
  readonly values: FieldValues;
}

export type StagingOutcome =
  | IngestOutcome
  /** It is as wanted: an earlier try wrote it, or somebody. */
  | { readonly kind: 'already' }
  /** Somebody changed the account since it was read: nothing was written, it must be planned again. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' };

/** Puts back what a run wrote. */
export interface Restoring {
  readonly id: string;
  /** By field. */
  readonly values: Readonly<
    Record<string, { readonly wrote: string | number | null; readonly before: string | number | null }>
  >;
}

export type RestoreOutcome =
  /** `left`: fields that somebody changed since, which stay as they are. */
  | { readonly kind: 'restored' | 'already'; readonly left: readonly string[] }
  | Exclude<IngestOutcome, { kind: 'written' }>
  | { readonly kind: 'gone' };

/** Writes staging fields, and nothing that somebody changed in between. */
export class TerritoryStaging {
  constructor(
    private readonly ingest: Pick<BulkIngest, 'update' | 'settle'>,
    private readonly org: Pick<Org, 'retrieve' | 'update'>,
  ) {}

  /**
   * Writes a batch in one bulk job, some ten thousand accounts at most. Each account is looked at just before: what is right
   * already isn't written, and what changed since the plan isn't touched. Made again after whatever end, it does what is left.
   *
   * @returns what became of each, by its id
   */
  async write(
    changes: readonly StagingChange[],
    options: IngestOptions = {},
  ): Promise<ReadonlyMap<string, StagingOutcome>> {
    const { earlier, progress } = options;
    if (earlier) await this.ingest.settle(earlier, progress);
    const { outcomes, ready } = await this.#look(changes);
    progress?.();
    for (const [id, outcome] of await this.ingest.update(ACCOUNT, ready, options)) outcomes.set(id, outcome);
    return outcomes;
  }

  /** The same for a few, in collections instead of a bulk job: there at once. */
  async writeFew(changes: readonly StagingChange[]): Promise<ReadonlyMap<string, StagingOutcome>> {
    const { outcomes, ready } = await this.#look(changes);
    const saved = await this.org.update(
      ACCOUNT,
      ready.map(({ id, values }) => ({ ...values, Id: id })),
    );
    ready.forEach(({ id }, at) => {
      const { success, code = 'UNKNOWN' } = saved[at] ?? { success: false };
      outcomes.set(id, success ? { kind: 'written' } : { kind: 'refused', code, again: mayPass(code) });
    });
    return outcomes;
  }

  /** How each stands just before it is written: what needs no write, and what must not be touched, has its outcome. */
  async #look(changes: readonly StagingChange[]): Promise<{
    readonly outcomes: Map<string, StagingOutcome>;
    readonly ready: readonly StagingChange[];
  }> {
    const rows = await this.#rows(changes);
    const outcomes = new Map<string, StagingOutcome>();
    const ready: StagingChange[] = [];
    for (const change of changes) {
      const row = rows.get(change.id);
      const fields = Object.keys(change.values);
      if (!row) outcomes.set(change.id, { kind: 'gone' });
      else if (fields.every((field) => isSameValue(row[field], change.values[field])))
        outcomes.set(change.id, { kind: 'already' });
      else if (!isSameInstant(textOf(row, STAMP), change.changedAt))
        outcomes.set(change.id, { kind: 'changed' });
      else ready.push(change);
    }
    return { outcomes, ready };
  }

  /** Puts back, field by field, what still is as a run wrote it. */
  async restore(
    restorings: readonly Restoring[],
    options: IngestOptions = {},
  ): Promise<ReadonlyMap<string, RestoreOutcome>> {
    const { earlier, progress } = options;
    if (earlier) await this.ingest.settle(earlier, progress);
    const rows = await this.#rows(restorings);
    progress?.();
    const outcomes = new Map<string, RestoreOutcome>();
    const leftOf = new Map<string, readonly string[]>();
    const ready: { readonly id: string; readonly values: FieldValues }[] = [];
    for (const { id, values } of restorings) {
      const row = rows.get(id);
      if (!row) {
        outcomes.set(id, { kind: 'gone' });
        continue;
      }
      const open = Object.entries(values).filter(([field, { before }]) => !isSameValue(row[field], before));
      const ours = open.filter(([field, { wrote }]) => isSameValue(row[field], wrote));
      const left = open.filter((one) => !ours.includes(one)).map(([field]) => field);
      leftOf.set(id, left);
      if (ours.length === 0) outcomes.set(id, { kind: 'already', left });
      else ready.push({ id, values: Object.fromEntries(ours.map(([field, { before }]) => [field, before])) });
    }
    for (const [id, outcome] of await this.ingest.update(ACCOUNT, ready, options))
      outcomes.set(
        id,
        outcome.kind === 'written' ? { kind: 'restored', left: leftOf.get(id) ?? [] } : outcome,
      );
    return outcomes;
  }

  /** What stands in fields of these accounts: whoever isn't there is left out. */
  async readBack(
    fields: readonly string[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string | null>>>> {
    const rows = await this.org.retrieve(ACCOUNT, ids, ['Id', ...fields]);
    return new Map(
      rows.map((row) => [
        textOf(row, 'Id'),
        Object.fromEntries(fields.map((field) => [field, textIn(row[field])])),
      ]),
    );
  }

  async #rows(
    wanted: readonly { readonly id: string; readonly values: object }[],
  ): Promise<ReadonlyMap<string, Row>> {
    const fields = [...new Set(wanted.flatMap(({ values }) => Object.keys(values)))];
    const ids = wanted.map(({ id }) => id);
    const rows = await this.org.retrieve(ACCOUNT, ids, ['Id', STAMP, ...fields]);
    return new Map(rows.map((row) => [textOf(row, 'Id'), row]));
  }
}
