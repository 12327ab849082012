import express, { Router, type Response } from 'express';
import { createPublicKey } from 'node:crypto';
import type { Handbook } from '../../domain/handbook';
import { billingRoutes } from './billing-routes';
import { bookingRoutes } from './booking-routes';
import { leavingRoutes } from './leaving-routes';
import { territoryRoutes } from './territory-routes';
import type { Org } from './org';
import { expireSessions } from './sessions';
import { sameText } from './values';

const LICENCES = [
  { object: 'UserLicense', names: ['Name'], total: 'TotalLicenses' },
  { object: 'PermissionSetLicense', names: ['DeveloperName', 'MasterLabel'], total: 'TotalLicenses' },
  { object: 'PackageLicense', names: ['NamespacePrefix'], total: 'AllowedLicenses' },
] as const;

const refuse = (res: Response, problem: string, status = 400) => void res.status(status).json({ problem });

/** What no Salesforce has: an administrator's hand for tests and demos. Below `/__sandbox`. */
export function sandboxRoutes(org: Org, handbook: Handbook): Router {
  const router = Router();
  router.use(express.json());
  router.use(leavingRoutes(org));
  router.use(bookingRoutes(org, handbook));
  router.use(billingRoutes(org));
  router.use(territoryRoutes(org, handbook));

  /** `{name, total}`: seats of a user licence, permission-set licence or package (by namespace). */
  router.patch('/licences', (req, res) => {
    const { name, total } = req.body as { name?: unknown; total?: unknown };
    if (typeof name !== 'string' || typeof total !== 'number' || !Number.isInteger(total) || total < 0) {
      return refuse(res, 'name (text) and total (a whole number from 0) are needed');
    }
    for (const kind of LICENCES) {
      const license = org.find(kind.object, (row) => kind.names.some((field) => sameText(row[field], name)));
      if (!license) continue;
      org.change(kind.object, license, { [kind.total]: total }, null);
      res.json({ object: kind.object, name, total });
      return;
    }
    return refuse(res, 'no licence of this name', 404);
  });

  router.post('/expire-sessions', (_req, res) => {
    expireSessions(org.world);
    res.json({ expired: true });
  });

  /** `{dailyApiRequests}`: how many API requests a day may have. */
  router.patch('/limits', (req, res) => {
    const { dailyApiRequests } = req.body as { dailyApiRequests?: unknown };
    if (typeof dailyApiRequests !== 'number' || dailyApiRequests < 0)
      return refuse(res, 'dailyApiRequests (a number from 0) is needed');
    org.settings = { ...org.settings, dailyApiRequests };
    res.json({ dailyApiRequests });
  });

  /** `{lead?, case?}`: the user names of the default owners, who can't be deactivated. */
  router.patch('/default-owners', (req, res) => {
    const body = req.body as { lead?: unknown; case?: unknown };
    const idOf = (username: unknown) => org.where('User', 'Username', username)[0]?.Id;
    const [lead, ofCase] = [idOf(body.lead), idOf(body.case)];
    if ((body.lead && !lead) || (body.case && !ofCase)) return refuse(res, 'no user of this name', 404);
    org.settings = {
      ...org.settings,
      ...(lead ? { defaultLeadOwner: lead } : {}),
      ...(ofCase ? { defaultCaseOwner: ofCase } : {}),
    };
    res.json(org.settings);
  });

  /** `{certificate}`: the PEM certificate or public key that JWT bearer assertions are checked with. */
  router.put('/certificate', (req, res) => {
    const { certificate } = req.body as { certificate?: unknown };
    try {
      createPublicKey(String(certificate));
    } catch {
      return refuse(res, 'certificate must be a certificate or public key in PEM form');
    }
    org.world.table<string>('sf-certificate').put('connected-app', String(certificate));
    res.json({ registered: true });
  });
  return router;
}
