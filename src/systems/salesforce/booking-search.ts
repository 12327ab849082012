import { SystemFault } from '../fault';
import type { Hanging, Meant } from './bookings';
import type { InValues, Org } from './org';
import { instant, textOf, type Row } from './soql';

/** Finds opportunities by their ids alone, so that a look may read no more than those. */
export class BookingSearch {
  constructor(private readonly org: Pick<Org, 'queries' | 'queriesIn'>) {}

  /**
   * Opportunities that changed since an instant, that were deleted, or on which something hangs that changed or was deleted: by the
   * server's own stamps.
   *
   * @param most at most so many of each kind are asked for: whoever gets as many has not got all
   */
  async changedSince(
    since: string,
    meant: Meant,
    hanging: readonly Hanging[],
    most: number,
  ): Promise<readonly string[]> {
    const changed = `SystemModstamp >= ${instant(since)}`;
    const of = hanging.map(({ object, by }) =>
      'own' in by
        ? { field: by.own, soql: `SELECT ${by.own} FROM ${object} WHERE ${changed}` }
        : {
            field: 'Id',
            soql: `SELECT Id FROM ${meant.object} WHERE ${by.opportunity} IN (SELECT Id FROM ${object} WHERE ${changed}) AND (${meant.condition})`,
          },
    );
    const all = [{ field: 'Id', soql: `SELECT Id FROM ${meant.object} WHERE ${changed}` }, ...of];
    const answers = await this.#all(
      all.map(({ soql }) => `${soql} LIMIT ${most}`),
      'queryAll',
    );
    return distinct(
      answers.flatMap((rows, at) => {
        if (rows.length >= most) throw new TooMany();
        return rows.map((row) => textOf(row, all[at]?.field ?? 'Id'));
      }),
    );
  }

  /** Opportunities for which one of these conditions holds. */
  async where(object: string, conditions: readonly string[]): Promise<readonly string[]> {
    const answers = await this.#all(
      conditions.map((condition) => `SELECT Id FROM ${object} WHERE ${condition}`),
    );
    return distinct(answers.flat().map((row) => textOf(row, 'Id')));
  }

  /** What a grouped query gives of a field. */
  async groups(soql: string, field: string): Promise<readonly string[]> {
    const [rows = []] = await this.#all([soql]);
    return distinct(rows.map((row) => textOf(row, field)));
  }

  /** Opportunities that have one of these values in a field; a field may be one of what they name (`Quote__r.Number__c`). */
  async having(object: string, wanted: readonly Omit<InValues, 'select'>[]): Promise<readonly string[]> {
    const asked = wanted.map((of) => ({ ...of, select: `SELECT Id FROM ${object}` }));
    const rows = await this.org.queriesIn(asked.filter(({ values }) => values.length > 0));
    return distinct(rows.flat().map((row) => textOf(row, 'Id')));
  }

  /** What these opportunities, deleted ones too, have in fields; by field. */
  async valuesOf(
    object: string,
    ids: readonly string[],
    fields: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const select = `SELECT ${fields.join(', ')} FROM ${object}`;
    const [rows = []] = await this.org.queriesIn([{ select, field: 'Id', values: ids }], 'queryAll');
    return new Map(fields.map((field) => [field, distinct(rows.map((row) => at(row, field)))]));
  }

  /** Rows of several objects: of each its id, then its fields in their order, as texts; empty where nothing stands. */
  async rows(
    wanted: readonly {
      readonly object: string;
      readonly fields: readonly string[];
      readonly condition: string;
    }[],
  ): Promise<readonly (readonly (readonly string[])[])[]> {
    const answers = await this.#all(
      wanted.map(
        ({ object, fields, condition }) =>
          `SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE ${condition}`,
      ),
    );
    return answers.map((rows, of) =>
      rows.map((row) => ['Id', ...(wanted[of]?.fields ?? [])].map((field) => plainText(row, field))),
    );
  }

  async #all(soqls: readonly string[], how?: 'queryAll'): Promise<readonly (readonly Row[])[]> {
    return (await this.org.queries(soqls, how)).map((answer) => {
      if (answer instanceof SystemFault) throw answer;
      return answer;
    });
  }
}

/** More changed than a look over changes is made for. */
export class TooMany extends Error {}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].filter((id) => id !== '');

/** What stands at the end of a path. */
function at(row: Row, path: string): string {
  const value = valueAt(row, path);
  return typeof value === 'string' ? value : '';
}

/** The same as a bulk query writes it: a number or a flag, too. */
function plainText(row: Row, path: string): string {
  const value = valueAt(row, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function valueAt(row: Row, path: string): unknown {
  const names = path.split('.');
  const holder = names.slice(0, -1).reduce<Row | undefined>((of, name) => of?.[name] as Row | undefined, row);
  return holder?.[names.at(-1) ?? ''];
}
