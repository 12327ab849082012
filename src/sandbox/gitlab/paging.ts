import type { Request, Response } from 'express';
import { Params } from './params';
import { GitlabError } from './site';

const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 20;

/**
 * Answers one page of a list: `page` and `per_page`, the total and the neighbours in headers, `Link` for the rest
 * (https://docs.gitlab.com/api/rest/#pagination).
 */
export function sendPage<T>(
  req: Request,
  res: Response,
  baseUrl: string,
  rows: readonly T[],
  shape: (row: T) => unknown,
): void {
  const params = new Params(req);
  const perPage = sizeOf(params);
  const page = params.integer('page') ?? 1;
  if (page < 1) throw GitlabError.badRequest('page does not have a valid value');
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  const next = page < pages ? page + 1 : null;
  const previous = page > 1 ? page - 1 : null;
  const url = (number: number): string =>
    urlWith(req, baseUrl, { page: String(number), per_page: String(perPage) });
  const links = [
    ...(previous ? [`<${url(previous)}>; rel="prev"`] : []),
    ...(next ? [`<${url(next)}>; rel="next"`] : []),
    `<${url(1)}>; rel="first"`,
    `<${url(pages)}>; rel="last"`,
  ];
  res.set({
    'X-Total': String(rows.length),
    'X-Total-Pages': String(pages),
    'X-Page': String(page),
    'X-Per-Page': String(perPage),
    'X-Next-Page': next ? String(next) : '',
    'X-Prev-Page': previous ? String(previous) : '',
    Link: links.join(', '),
  });
  res.json(rows.slice((page - 1) * perPage, page * perPage).map(shape));
}

/** Answers one page by keyset: no totals, and the next page in `Link` with a cursor. `key` must be unique in the list. */
export function sendKeyset<T>(
  req: Request,
  res: Response,
  baseUrl: string,
  rows: readonly T[],
  key: (row: T) => string,
  shape: (row: T) => unknown,
): void {
  const params = new Params(req);
  const perPage = sizeOf(params);
  const cursor = params.text('cursor');
  const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
  const found = after === undefined ? -1 : rows.findIndex((row) => key(row) === after);
  if (after !== undefined && found < 0) throw GitlabError.badRequest('cursor is invalid');
  const part = rows.slice(found + 1, found + 1 + perPage);
  const last = part.at(-1);
  res.set('X-Per-Page', String(perPage));
  if (last !== undefined && found + 1 + perPage < rows.length) {
    const next = urlWith(req, baseUrl, {
      cursor: Buffer.from(key(last)).toString('base64url'),
      per_page: String(perPage),
    });
    res.set({ Link: `<${next}>; rel="next"`, 'X-Next-Cursor': Buffer.from(key(last)).toString('base64url') });
  }
  res.json(part.map(shape));
}

function sizeOf(params: Params): number {
  const size = params.integer('per_page') ?? DEFAULT_PER_PAGE;
  if (size < 1) throw GitlabError.badRequest('per_page does not have a valid value');
  return Math.min(size, MAX_PER_PAGE);
}

function urlWith(req: Request, baseUrl: string, changed: Readonly<Record<string, string>>): string {
  const url = new URL(req.originalUrl, baseUrl);
  url.searchParams.delete('private_token');
  url.searchParams.delete('access_token');
  for (const [name, value] of Object.entries(changed)) url.searchParams.set(name, value);
  return url.toString();
}
