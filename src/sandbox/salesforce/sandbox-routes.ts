import express, { Router, type Response } from 'express';
import { createPublicKey } from 'node:crypto';
import { fillBook } from './books';
import { signIn, SignInRefused, signInUser } from './oauth';
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
export function sandboxRoutes(org: Org): Router {
  const router = Router();
  router.use(express.json());

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

  /**
   * `{automatedCaseUser?, defaultWorkflowUser?, soleAlertRecipient?, ownersStay?}`: further settings that name a user, by user
   * name, null to empty one; and whether an account's opportunities stay with their owner when the account moves.
   */
  router.patch('/settings', (req, res) => {
    const body = req.body as Record<string, unknown>;
    let settings = { ...org.settings };
    for (const name of [
      'automatedCaseUser',
      'defaultWorkflowUser',
      'soleAlertRecipient',
      'defaultLeadOwner',
      'defaultCaseOwner',
    ] as const) {
      if (body[name] === undefined) continue;
      const user = org.where('User', 'Username', body[name])[0];
      if (body[name] !== null && !user) return refuse(res, `no user of this name: ${name}`, 404);
      const { [name]: _, ...rest } = settings;
      settings = user ? { ...rest, [name]: user.Id } : rest;
    }
    if (typeof body['ownersStay'] === 'boolean') settings = { ...settings, ownersStay: body['ownersStay'] };
    org.settings = settings;
    res.json(settings);
  });

  /** What somebody owns, made by a generator: see `BookWanted`; `username` instead of the owner's id. */
  router.post('/books', (req, res) => {
    const body = req.body as Record<string, unknown>;
    const [owner] = org.where('User', 'Username', body['username']);
    if (!owner) return refuse(res, 'no user of this name', 404);
    const count = (name: string): number => {
      const value = body[name] ?? 0;
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100_000
        ? value
        : NaN;
    };
    const counts = Object.fromEntries(
      ['seed', 'leads', 'accounts', 'open', 'closed', 'cases', 'teams', 'queues', 'approvals', 'jobs'].map(
        (name) => [name, count(name)],
      ),
    ) as Record<
      'seed' | 'leads' | 'accounts' | 'open' | 'closed' | 'cases' | 'teams' | 'queues' | 'approvals' | 'jobs',
      number
    >;
    const wrong = Object.entries(counts).find(([, value]) => Number.isNaN(value))?.[0];
    if (wrong) return refuse(res, `${wrong} must be a whole number from 0 to 100000`);
    const territories = Array.isArray(body['territories']) ? body['territories'].map(String) : [];
    res.json(fillBook(org, { ...counts, ownerId: owner.Id, territories }, owner.Id));
  });

  /** `{username}`: signs in as them, as they would by themself; their token is answered. */
  router.post('/sign-in', (req, res) => {
    const { username } = req.body as { username?: unknown };
    try {
      res.json({ accessToken: signIn(org, signInUser(org, String(username))) });
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      return refuse(res, error.message, 403);
    }
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
