import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Channel } from '../domain/handbook';
import type { EvidenceTable } from './tables';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Over which way something came about: a person's channel, HR's event, or daytwo by itself. */
export type EvidenceChannel = Channel | 'hris' | 'daytwo';

/** What happened, in the words of an auditor. Further fields of the caller's own may stand beside these. */
export interface EvidenceDetail {
  /** A short sentence without its subject: `granted Salesforce`, `approved the request`. */
  readonly what: string;
  readonly why?: string;
  readonly system?: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly outcome?: string;
  /** Read back from the system by daytwo, or said by a person. */
  readonly proof?: 'verified' | 'attested';
  /** The policy's version, its `effective_from`. */
  readonly policy?: string;
  readonly templateDigest?: string;
  readonly [further: string]: Json | undefined;
}

/** One thing that happened, as a caller records it. */
export interface EvidenceRow {
  /** The same for every repeat of the same record: a retried activity leaves one row. */
  readonly id: string;
  /** The instant, ISO 8601. */
  readonly at: string;
  /** IANA zone of the person concerned. */
  readonly zone: string;
  /** The employee id concerned, or null. */
  readonly subject: string | null;
  /** `project#iid`, or null. */
  readonly request: string | null;
  readonly workflowId: string | null;
  /** Dotted, general to special: `request.created`, `decision.approve`, `access.granted`. */
  readonly kind: string;
  /** A user name, or `daytwo`. */
  readonly actor: string;
  readonly channel: EvidenceChannel;
  readonly detail: EvidenceDetail;
}

/** A row as it stands in the chain. */
export interface ChainedRow extends EvidenceRow {
  readonly seq: number;
  /** `at` on the clock of the person's zone, `2026-11-24T05:00:00+01:00`; in UTC where the zone isn't known. */
  readonly localTime: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** What the first row follows. */
export const GENESIS = '0'.repeat(64);

/** JSON with its keys in order, so that the same content is the same text everywhere. Absent fields don't appear. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

/** The hash that chains a row to the one before, over its columns as they are stored. Its `seq` isn't part of it: `prev_hash` is its place. */
export function chainHash(row: Omit<EvidenceTable, 'seq' | 'hash'>): string {
  const { id, at, zone, local_time, subject, request, workflow_id, kind, actor, channel, detail, prev_hash } =
    row;
  return digestOf({
    id,
    at,
    zone,
    local_time,
    subject,
    request,
    workflow_id,
    kind,
    actor,
    channel,
    detail,
    prev_hash,
  });
}

/** Which fields of two records of the same id differ. When it was written doesn't count: a retry comes later. */
export function differences(a: EvidenceRow, b: EvidenceRow): string[] {
  const fields = ['zone', 'subject', 'request', 'workflowId', 'kind', 'actor', 'channel', 'detail'] as const;
  return fields.filter((field) => canonicalJson(a[field]) !== canonicalJson(b[field]));
}

/** An instant in UTC to the millisecond. @throws RangeError if the text isn't an instant */
export const utc = (at: string): string =>
  Temporal.Instant.from(at).toString({ smallestUnit: 'millisecond' });

/** An instant on a zone's clock with its offset; on that of UTC where nobody knows the zone. */
export function localTime(at: string, zone: string): string {
  const instant = Temporal.Instant.from(at);
  const options = { smallestUnit: 'second', timeZoneName: 'never' } as const;
  try {
    return instant.toZonedDateTimeISO(zone).toString(options);
  } catch {
    return instant.toZonedDateTimeISO('UTC').toString(options);
  }
}

/** The row with text that every database keeps letter by letter: no lone surrogates, no NUL. */
export function storable(row: EvidenceRow): EvidenceRow {
  const text = (value: string): string => value.replace(/[\p{Surrogate}\0]/gu, '\ufffd');
  const orNull = (value: string | null): string | null => (value === null ? null : text(value));
  return {
    ...row,
    id: text(row.id),
    zone: text(row.zone),
    subject: orNull(row.subject),
    request: orNull(row.request),
    workflowId: orNull(row.workflowId),
    kind: text(row.kind),
    actor: text(row.actor),
  };
}
