import type { Request, Response } from 'express';
import { invalid } from './errors';

/** A query parameter given once, as text. */
export function param(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const origin = (req: Request): string => `${req.protocol}://${req.headers.host ?? 'localhost'}`;

/** Answers one page of `rows`, with `Link` headers `self` and, where more is left, `next` (the cursor is the last row's id). */
export function sendPage<T extends { readonly id: string }>(
  req: Request,
  res: Response,
  rows: readonly T[],
  usual: number,
  show: (row: T) => unknown,
): void {
  const asked = param(req, 'limit');
  const limit = asked === undefined ? usual : Number(asked);
  if (!Number.isInteger(limit) || limit < 0)
    throw invalid('limit', 'limit: The value must be a positive whole number');
  const most = limit === 0 ? usual : Math.min(limit, Math.max(usual, 200));
  const after = param(req, 'after');
  const from = after === undefined ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const page = rows.slice(from, from + most);
  const here = new URL(req.originalUrl, origin(req));
  res.append('Link', `<${here.href}>; rel="self"`);
  const last = page[page.length - 1];
  if (last && from + most < rows.length) {
    here.searchParams.set('after', last.id);
    here.searchParams.set('limit', String(most));
    res.append('Link', `<${here.href}>; rel="next"`);
  }
  res.json(page.map(show));
}
