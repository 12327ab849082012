import type { Connection } from 'jsforce';
import { pauseBriefly, repeatReads } from '../repeat';
import { SystemFault } from '../fault';
import { codeOf, salesforceFault, type RecordError } from './errors';
import { Names } from './names';
import { API_VERSION, connectSalesforce, type SalesforceSettings } from './session';
import { lengthInAddress, listsWithin, type Row } from './soql';

/** Salesforce takes this many records in one collection call. */
export const COLLECTION_LIMIT = 200;
/** Salesforce takes this many queries in one composite request. */
const QUERIES_TOGETHER = 5;
/** Salesforce hands out this many records by their ids in one call. */
const RETRIEVE_LIMIT = 2_000;
/** Salesforce refuses an address of more than 16,384 bytes; the rest of it and what a proxy adds stay below this. */
export const LONGEST_QUERY = 11_000;

export interface Saved {
  readonly success: boolean;
  readonly id?: string;
  /** Salesforce's status code where it failed. */
  readonly code?: string;
  readonly fields?: readonly string[];
  /** What the org said of it: text from outside, with names in it. To be compared with what is known, never to be shown. */
  readonly message?: string;
}

/** Said of a record that somebody else removed before us, or that went with another (a session with its parent). */
const GONE_ALREADY: readonly (string | undefined)[] = ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'];
export const isGone = ({ success, code }: Saved): boolean => success || GONE_ALREADY.includes(code);

/** Rows whose `field` has one of these values. */
export interface InValues {
  readonly select: string;
  readonly field: string;
  readonly values: readonly string[];
}

/** A field as the org describes it. */
export interface Described {
  readonly name: string;
  readonly type: string;
  readonly custom: boolean;
  readonly referenceTo: readonly string[];
}

/** Said by an org that knows the session well. */
const LIMITS: readonly string[] = ['REQUEST_LIMIT_EXCEEDED', 'ERROR_HTTP_429'];

/** The few calls that daytwo makes of an org: queries, records by their ids, and collections of at most 200 records. */
export class Org {
  /** Ids by name, remembered for a short while. */
  readonly names = new Names(this);
  #connection: Promise<Connection> | undefined;
  constructor(private readonly settings: SalesforceSettings) {}

  /** Id of the user whom daytwo signs in as: the end of the identity's address. */
  async ownUser(): Promise<string> {
    const { identity } = await this.#read<{ readonly identity: string }>({ method: 'GET', url: '/' });
    return identity.split('/').at(-1) ?? '';
  }

  /** All rows of a query whose values were escaped by `literal`. */
  async query(soql: string): Promise<readonly Row[]> {
    return this.#allOf(
      await this.#read<Page>({ method: 'GET', url: `/query?q=${encodeURIComponent(soql)}` }),
    );
  }

  /** `select` with `IN (…)` over any number of values, in as few queries as their length allows; `end` follows the list. */
  async queryIn(select: string, field: string, values: readonly string[], end = ''): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const ahead = `${select} WHERE ${field} IN (`;
    for (const list of listsWithin(values, LONGEST_QUERY - lengthInAddress(ahead + end)))
      rows.push(...(await this.query(`${ahead}${list.join(',')})${end}`)));
    return rows;
  }

  /**
   * Several queries in few requests: Salesforce takes up to five in one composite request, which counts as one. A query that is
   * refused is a fault in its place; it doesn't keep the others.
   *
   * @param how `queryAll` gives what was deleted, too
   */
  async queries(
    soqls: readonly string[],
    how: 'query' | 'queryAll' = 'query',
  ): Promise<readonly (readonly Row[] | SystemFault)[]> {
    const answers: (readonly Row[] | SystemFault)[] = [];
    for (let from = 0; from < soqls.length; from += QUERIES_TOGETHER) {
      const compositeRequest = soqls.slice(from, from + QUERIES_TOGETHER).map((soql, at) => ({
        method: 'GET',
        url: `/services/data/v${API_VERSION}/${how}?q=${encodeURIComponent(soql)}`,
        referenceId: `query${at}`,
      }));
      const body = { allOrNone: false, compositeRequest };
      const { compositeResponse } = await this.#read<Composite>({ method: 'POST', url: '/composite', body });
      for (const { httpStatusCode, body: answer } of compositeResponse)
        answers.push(
          httpStatusCode < 400
            ? await this.#allOf(answer as Page)
            : salesforceFault((answer as readonly RecordError[])[0], 'a query'),
        );
    }
    return answers;
  }

  /** Several `queryIn` together, in few requests; the rows of each. @throws SystemFault where one is refused */
  async queriesIn(
    asked: readonly InValues[],
    how: 'query' | 'queryAll' = 'query',
  ): Promise<readonly (readonly Row[])[]> {
    const parts = asked.flatMap(({ select, field, values }, of) => {
      const ahead = `${select} WHERE ${field} IN (`;
      return listsWithin(values, LONGEST_QUERY - lengthInAddress(ahead)).map((list) => ({
        of,
        soql: `${ahead}${list.join(',')})`,
      }));
    });
    const rows = asked.map((): Row[] => []);
    const answers = await this.queries(
      parts.map(({ soql }) => soql),
      how,
    );
    parts.forEach(({ of }, at) => {
      const answer = answers[at] ?? [];
      if (answer instanceof SystemFault) throw answer;
      rows[of]?.push(...answer);
    });
    return rows;
  }

  /** A page, and what follows it. */
  async #allOf(first: Page): Promise<readonly Row[]> {
    const rows = [...first.records];
    let { nextRecordsUrl } = first;
    while (nextRecordsUrl !== undefined) {
      const page: Page = await this.#read<Page>({ method: 'GET', url: nextRecordsUrl });
      rows.push(...page.records);
      nextRecordsUrl = page.done ? undefined : page.nextRecordsUrl;
    }
    return rows;
  }

  /** Records by their ids, however many; who isn't there is left out. Ids are in the body, where no address limits them. */
  async retrieve(object: string, ids: readonly string[], fields: readonly string[]): Promise<readonly Row[]> {
    const rows: (Row | null)[] = [];
    for (let from = 0; from < ids.length; from += RETRIEVE_LIMIT) {
      const body = { ids: ids.slice(from, from + RETRIEVE_LIMIT), fields };
      const url = `/composite/sobjects/${object}`;
      rows.push(...(await this.#read<readonly (Row | null)[]>({ method: 'POST', url, body })));
    }
    return rows.filter((row) => row !== null);
  }

  async fieldsOf(object: string): Promise<readonly Described[]> {
    const url = `/sobjects/${object}/describe`;
    return (await this.#read<{ readonly fields: readonly Described[] }>({ method: 'GET', url })).fields;
  }

  create(object: string, records: readonly Record<string, unknown>[]): Promise<readonly Saved[]> {
    return this.#collection(records, (chunk) => ({
      method: 'POST',
      records: chunk.map((record) => ({ attributes: { type: object }, ...record })),
      what: `creating ${object}`,
    }));
  }

  update(
    object: string,
    records: readonly (Record<string, unknown> & { Id: string })[],
  ): Promise<readonly Saved[]> {
    return this.#collection(records, changing(object));
  }

  /** Changes all of these, at most 200, or none. */
  updateAllOrNone(
    object: string,
    records: readonly (Record<string, unknown> & { Id: string })[],
  ): Promise<readonly Saved[]> {
    return this.#collection(records, changing(object), true);
  }

  remove(object: string, ids: readonly string[]): Promise<readonly Saved[]> {
    return this.#collection(ids, (chunk) => ({
      method: 'DELETE',
      ids: chunk.join(','),
      what: `removing ${object}`,
    }));
  }

  async #collection<T>(
    records: readonly T[],
    write: (chunk: readonly T[]) => Write,
    allOrNone = false,
  ): Promise<readonly Saved[]> {
    const saved: Saved[] = [];
    for (let from = 0; from < records.length; from += COLLECTION_LIMIT) {
      const { what, method, ...of } = write(records.slice(from, from + COLLECTION_LIMIT));
      const answer = await this.#ask<Answer[]>(
        what,
        'ids' in of
          ? { method, url: `/composite/sobjects?allOrNone=${allOrNone}&ids=${of.ids}` }
          : { method, url: '/composite/sobjects', body: { allOrNone, records: of.records } },
      );
      saved.push(...answer.map(savedOf));
    }
    return saved;
  }

  /** Too many requests at one time, or a server that is restarted, are over in a moment: a read is asked again until then. */
  #read<T>(request: Request): Promise<T> {
    return repeatReads('GET', () => this.#ask<T>('a query', request), pauseBriefly);
  }

  /** Where people open the org. */
  async instanceUrl(): Promise<string> {
    return (await this.#connected()).instanceUrl;
  }

  #connected(): Promise<Connection> {
    this.#connection ??= connectSalesforce(this.settings);
    return this.#connection;
  }

  /** One request, within the rate; jsforce repeats it only where the session had ended. */
  async #ask<T>(what: string, { body, ...request }: Request): Promise<T> {
    try {
      const connection = await this.#connected();
      await this.settings.pace?.();
      const sent = { ...request, headers: { 'content-type': 'application/json' } };
      return await connection.request<T>(
        body === undefined ? sent : { ...sent, body: JSON.stringify(body) },
        ONCE,
      );
    } catch (error) {
      const fault = salesforceFault(error, what);
      // A session that can't be renewed, or an org that moved: begin anew next time.
      if ((fault.retryable && !LIMITS.includes(fault.code)) || fault.code === 'sign-in')
        this.#connection = undefined;
      throw fault;
    }
  }
}

type Request = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
};
type Write = { readonly what: string } & (
  | { readonly method: 'DELETE'; readonly ids: string }
  | { readonly method: 'POST' | 'PATCH'; readonly records: readonly object[] }
);

const changing =
  (object: string) =>
  (chunk: readonly (Record<string, unknown> & { Id: string })[]): Write => ({
    method: 'PATCH',
    records: chunk.map(({ Id: id, ...record }) => ({ attributes: { type: object }, id, ...record })),
    what: `changing ${object}`,
  });

interface Page {
  readonly records: readonly Row[];
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
}
interface Composite {
  readonly compositeResponse: readonly { readonly httpStatusCode: number; readonly body: unknown }[];
}
interface Answer {
  readonly success: boolean;
  readonly id?: string;
  readonly errors?: RecordError[];
}

/** jsforce's own repeats (of removals, too) know neither our rate nor what was begun. */
const ONCE = { retry: { methods: [] } };

function savedOf(answer: Answer): Saved {
  const { fields, message } = answer.errors?.[0] ?? {};
  return {
    success: answer.success,
    ...(answer.id ? { id: answer.id } : {}),
    ...(answer.success ? {} : { code: codeOf(answer.errors ?? []) }),
    ...(fields ? { fields } : {}),
    ...(message ? { message } : {}),
  };
}
