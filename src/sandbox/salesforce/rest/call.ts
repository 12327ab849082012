import { SalesforceError } from '../errors';
import type { Org } from '../org';
import { Writer } from '../writes';

/** Who asks, and in which version and transaction. */
export interface Caller {
  readonly org: Org;
  readonly userId: string;
  /** `62.0` */
  readonly version: string;
  /** The instance's own address, as the request named it. */
  readonly origin: string;
  /** Records a page of a query, 2,000 unless `Sforce-Query-Options` says less. */
  readonly batchSize: number;
  /** Of a composite request that is all or none: what writes in its one transaction. */
  readonly writer?: Writer;
}

/** A request to a resource below `/services/data/vXX.0`, from HTTP or from inside a composite request. */
export interface Call {
  readonly caller: Caller;
  readonly method: string;
  /** What the route's pattern caught, decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON, or text where the request is no JSON. */
  readonly body: unknown;
  /** Asks for another resource, as a composite request does. */
  readonly ask: Ask;
}

/** Asks for a resource: `path` is what follows `/services/data/vXX.0`, with its query string. @throws SalesforceError */
export type Ask = (caller: Caller, method: string, path: string, body: unknown) => Reply;

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly run: (call: Call) => Reply;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent: Reply = { status: 204 };

/** The transaction that a call writes in: the composite request's, or one of its own. */
export const writerOf = (call: Call): Writer =>
  call.caller.writer ?? new Writer(call.caller.org, call.caller.userId);

export const base = (caller: Caller): string => `/services/data/v${caller.version}`;

/** A JSON object of the body, or of a part of it. @throws SalesforceError `JSON_PARSER_ERROR` */
export function objectIn(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SalesforceError('JSON_PARSER_ERROR', 'Unexpected token: the body must be a JSON object');
}

/** A list of JSON objects. @throws SalesforceError `JSON_PARSER_ERROR` */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.map(objectIn);
  throw new SalesforceError('JSON_PARSER_ERROR', 'Unexpected token: a list of JSON objects was expected');
}
