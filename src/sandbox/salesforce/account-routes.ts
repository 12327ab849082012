import express, { Router, type Request, type Response } from 'express';
import { timeIn } from '../clock';
import { isFromElsewhere, page } from '../page';
import { accountList, accountPage } from './account-page';
import { SalesforceError } from './errors';
import { USER_INPUT } from './objects-territory';
import type { Org } from './org';
import { known, type Row } from './schema';
import { Writer } from './writes';

const RECORD = /^\/(001[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?)$/;

/** Pages of accounts in a browser, where a person asks for what only people ask for. */
export function accountRoutes(org: Org): Router {
  const router = Router();
  const send = (res: Response, title: string, body: string): void =>
    void res.type('html').send(page(org.world, { title, at: 'salesforce', body }));
  const rowOf = (req: Request): Row | undefined => org.get('Account', RECORD.exec(req.path)?.[1] ?? null);
  router.get('/accounts', (req, res) => {
    const { q } = req.query;
    send(res, 'Accounts', accountList(org, typeof q === 'string' ? q : ''));
  });
  router.get('/lightning/r/Account/:id/view', (req, res) =>
    res.redirect(`/${encodeURIComponent(req.params.id)}`),
  );
  router.get(RECORD, (req, res, next) => {
    const row = rowOf(req);
    if (!row) return next();
    send(res, String(row['Name']), accountPage(org, row, {}));
  });
  router.post(RECORD, express.urlencoded({ extended: false, limit: '1mb' }), (req, res, next) => {
    const row = rowOf(req);
    if (!row || isFromElsewhere(req)) return next();
    const said = new Map(Object.entries(req.body as Record<string, unknown>));
    const as = org.get('User', String(said.get('as') ?? ''));
    const title = String(row['Name']);
    if (as?.['IsActive'] !== true)
      return send(res.status(400), title, accountPage(org, row, { wrong: 'Nobody of this name is active.' }));
    try {
      new Writer(org, as.Id).update(known('Account'), row.Id, asked(said, as.Id, timeIn(org.world)));
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      return send(res.status(400), title, accountPage(org, row, { wrong: error.message, as: as.Id }));
    }
    res.redirect(303, `/${row.Id}`);
  });
  return router;
}

/** What was filled in, as the org's own automation completes it: by whom, when, and that it waits for an answer. */
function asked(said: ReadonlyMap<string, unknown>, by: string, now: Date): Record<string, string | null> {
  const filled = USER_INPUT.flatMap(([name]): [string, string | null][] => {
    const value = said.get(name);
    return typeof value === 'string' ? [[name, value.trim() || null]] : [];
  });
  return {
    ...Object.fromEntries(filled),
    User_Input_By__c: by,
    User_Input_At__c: now.toISOString(),
    TSP_Override_Status__c: 'Requested',
  };
}
