import { timeIn } from '../clock';
import type { Table, World } from '../world';
import { computed } from './computed';
import { makeId, to18 } from './ids';
import { known, objectOfId, type Field, type Row, type Scalar, type SObject } from './schema';

/** The settings of the org that aren't records. */
export interface OrgSettings {
  /** Users whom new leads and cases fall to: such a user can't be deactivated. */
  readonly defaultLeadOwner?: string;
  readonly defaultCaseOwner?: string;
  readonly automatedCaseUser?: string;
  readonly defaultWorkflowUser?: string;
  /** The only recipient of some e-mail alert. */
  readonly soleAlertRecipient?: string;
  /** An account's opportunities and contacts stay with their owner when the account gets another one. */
  readonly ownersStay?: boolean;
  readonly dailyApiRequests: number;
}

const SETTINGS: OrgSettings = { dailyApiRequests: 150_000 };

/** A record that was deleted. */
interface Deleted {
  readonly object: string;
  readonly id: string;
  readonly at: string;
  /** As `queryAll` shows it. */
  readonly row?: Row;
}

/** A record that got another owner: what field history shows of it in an org that tracks owners. */
export interface OwnerChange {
  readonly id: string;
  readonly object: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
}

/** A record as it was elsewhere. */
interface Loaded {
  readonly id: string;
  readonly values: Readonly<Record<string, Scalar>>;
}

function blankOf(object: SObject, names: readonly string[]): Row {
  const row: Record<string, Scalar> & { Id: string } = { Id: '' };
  for (const field of object.fields.values())
    if (field.initially !== undefined) row[field.name] = field.initially;
  for (const name of names) row[name] ??= null;
  const stamps = { CreatedDate: null, CreatedById: null, LastModifiedDate: null, LastModifiedById: null };
  return { ...row, ...stamps, SystemModstamp: null };
}

type Undo = () => void;

/** Text compares without case, as everywhere in Salesforce; ids of 18 characters are distinct without it. */
const folded = (value: unknown): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value).toLowerCase();

function instantOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The org's records, in the world's tables `sf:<Object>`, with transactions that can be taken back. */
export class Org {
  readonly world: World;
  /** Told of every record that somebody made, changed or deleted, and which of its fields changed: null, where it is new or gone. */
  onChange: ((object: string, row: Row, fields: readonly string[] | null) => void) | undefined;
  #undo: Undo[] | undefined;

  constructor(world: World) {
    this.world = world;
  }

  table(object: string): Table<Row> {
    return this.world.table<Row>(`sf:${object}`);
  }

  /** Every record of an object, in the order of their ids. */
  rows(object: string): Row[] {
    return this.table(object).values();
  }

  /** The records whose stored field has this value, text without case; quick however many records there are. */
  where(object: string, field: string, value: unknown): Row[] {
    const key = folded(value);
    return key === undefined ? [] : this.table(object).where(field, (row) => folded(row[field]), key);
  }

  /** How many records `where` would give. */
  count(object: string, field: string, value: unknown): number {
    const key = folded(value);
    return key === undefined ? 0 : this.table(object).count(field, (row) => folded(row[field]), key);
  }

  /** The records whose stored field isn't empty. */
  filled(object: string, field: string): Row[] {
    return this.table(object).keyed(field, (row) => folded(row[field]));
  }

  /** How many records `filled` would give. */
  countFilled(object: string, field: string): number {
    return this.table(object).countKeyed(field, (row) => folded(row[field]));
  }

  /** The records whose stored date or instant lies between two, in milliseconds and both included; perhaps a few others. */
  between(object: string, field: string, from: number, to: number): Row[] {
    return this.table(object).between(field, (row) => instantOf(row[field]), from, to);
  }

  /** How many records `between` would give, or a few more. */
  countBetween(object: string, field: string, from: number, to: number): number {
    return this.table(object).countBetween(field, (row) => instantOf(row[field]), from, to);
  }

  find(object: string, wanted: (row: Row) => boolean): Row | undefined {
    return this.table(object).find(wanted);
  }

  /** The record with this id of 15 or 18 characters, of whatever object. */
  byId(id: Scalar | undefined): { object: SObject; row: Row } | undefined {
    const id18 = typeof id === 'string' ? to18(id) : undefined;
    const object = id18 === undefined ? undefined : objectOfId(id18);
    const row = object && id18 !== undefined ? this.table(object.name).get(id18) : undefined;
    return object && row ? { object, row } : undefined;
  }

  get(object: string, id: Scalar | undefined): Row | undefined {
    const found = this.byId(id);
    return found?.object.name === object ? found.row : undefined;
  }

  /** A field's value; what the real org counts (`UsedLicenses`) or builds (`Name` of a person) is computed here, never stored. */
  value(object: SObject, row: Row, field: Field): Scalar {
    const compute = computed(object.name, field.name);
    return compute ? compute(this, row) : (row[field.name] ?? null);
  }

  /** Adds a record as it is, with an id, its defaults and the system's dates. The rules were asked before. */
  add(objectName: string, values: Readonly<Record<string, Scalar>>, by: string | null): Row {
    const object = known(objectName);
    const now = timeIn(this.world).toISOString();
    const Id = makeId(object.keyPrefix, this.world.next(`sf:${object.name}`));
    const initial: Record<string, Scalar> = {};
    for (const field of object.fields.values())
      if (field.initially !== undefined) initial[field.name] = field.initially;
    const row: Row = {
      ...initial,
      ...values,
      Id,
      CreatedDate: now,
      CreatedById: by,
      LastModifiedDate: now,
      LastModifiedById: by,
      SystemModstamp: now,
    };
    this.#put(object.name, row);
    this.onChange?.(object.name, row, null);
    return row;
  }

  /** A record as it was elsewhere: with its own id, and the day of its making that it brings. It is new here. */
  load(objectName: string, id: string, values: Readonly<Record<string, Scalar>>): void {
    this.loadAll(objectName, [{ id, values }]);
  }

  /** Many of these of one object, which tell the same fields. */
  loadAll(objectName: string, records: Iterable<Loaded>): void {
    const object = known(objectName);
    const now = timeIn(this.world).toISOString();
    let blank: Row | undefined;
    for (const { id, values } of records) {
      const at = values['CreatedDate'] ?? now;
      // A copy of a record with all its keys takes a fraction of the time and memory of one that gets them one by one.
      blank ??= blankOf(object, Object.keys(values));
      const row: Record<string, Scalar> & { Id: string } = { ...blank };
      for (const name of Object.keys(values)) row[name] = values[name] ?? null;
      row.Id = id;
      row['CreatedDate'] = at;
      row['LastModifiedDate'] = at;
      row['SystemModstamp'] = now;
      this.#put(object.name, row);
    }
  }

  change(objectName: string, row: Row, values: Readonly<Record<string, Scalar>>, by: string | null): Row {
    const now = timeIn(this.world).toISOString();
    const changed: Row = {
      ...row,
      ...values,
      Id: row.Id,
      LastModifiedDate: now,
      LastModifiedById: by,
      SystemModstamp: now,
    };
    this.#put(objectName, changed);
    this.#noteOwner(objectName, row, changed);
    const fields = Object.keys(values).filter((field) => (row[field] ?? null) !== values[field]);
    this.onChange?.(objectName, changed, fields);
    return changed;
  }

  remove(objectName: string, id: string): void {
    const table = this.table(objectName);
    const before = table.get(id);
    if (!before) return;
    const log = this.world.table<Deleted>('sf-deleted');
    this.#undo?.push(() => {
      table.put(id, before);
      log.delete(id);
    });
    table.delete(id);
    this.onChange?.(objectName, before, null);
    const at = timeIn(this.world).toISOString();
    log.put(id, { object: objectName, id, at, row: { ...before, IsDeleted: true, SystemModstamp: at } });
  }

  /** The records of an object that are gone, in the order in which they went. */
  deleted(objectName: string): Deleted[] {
    return this.world.table<Deleted>('sf-deleted').filter(({ object }) => object === objectName);
  }

  /** Every change of an owner, in order. */
  get ownerChanges(): OwnerChange[] {
    return this.world.table<OwnerChange>('sf-owner-change').values();
  }

  #noteOwner(object: string, before: Row, { Id: id, OwnerId: to, LastModifiedDate: at }: Row): void {
    const from = before['OwnerId'];
    if (typeof from !== 'string' || typeof to !== 'string' || from === to) return;
    const table = this.world.table<OwnerChange>('sf-owner-change');
    const key = this.world.next('sf-owner-change');
    this.#undo?.push(() => table.delete(key));
    table.put(key, { id, object, from, to, at: String(at) });
  }

  #put(objectName: string, row: Row): void {
    const table = this.table(objectName);
    const before = table.get(row.Id);
    this.#undo?.push(() => (before ? void table.put(row.Id, before) : table.delete(row.Id)));
    table.put(row.Id, row);
  }

  /**
   * Runs `work`; where it throws, or answers through `failed`, every write in it is taken back.
   * Nested, only the inner one's writes are.
   */
  transaction<T>(work: () => T, failed: (result: T) => boolean = () => false): T {
    const outer = this.#undo;
    const mine: Undo[] = [];
    this.#undo = mine;
    let keep = false;
    try {
      const result = work();
      keep = !failed(result);
      return result;
    } finally {
      this.#undo = outer;
      if (keep) outer?.push(...mine);
      else for (const undo of mine.reverse()) undo();
    }
  }

  get settings(): OrgSettings {
    return this.world.table<OrgSettings>('sf-settings').get('org') ?? SETTINGS;
  }

  set settings(settings: OrgSettings) {
    this.world.table<OrgSettings>('sf-settings').put('org', settings);
  }
}
