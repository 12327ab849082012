import { Router, type Response } from 'express';
import { z } from 'zod';
import { booksWanted, fillBook } from './books';
import { signIn, SignInRefused, signInUser } from './oauth';
import type { Org, OrgSettings } from './org';
import type { Row } from './schema';

const username = z.string().min(1);
const namesUser = username.nullable().optional();
const settingsWanted = z.strictObject({
  defaultLeadOwner: namesUser,
  defaultCaseOwner: namesUser,
  automatedCaseUser: namesUser,
  defaultWorkflowUser: namesUser,
  soleAlertRecipient: namesUser,
  ownersStay: z.boolean().optional(),
});
const signInWanted = z.strictObject({ username, sourceIp: z.union([z.ipv4(), z.ipv6()]).optional() });
const jobsWanted = z.strictObject({ username, to: username.nullable() });

/** A request that the routes refuse, with what they answer. */
class Refused extends Error {
  constructor(
    readonly status: number,
    problem: string,
  ) {
    super(problem);
  }
}

function wanted<T>(shape: z.ZodType<T>, body: unknown): T {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  throw new Refused(400, z.prettifyError(read.error));
}

/** What administrators and leavers themselves do in a browser, which no API offers: settings, scheduled jobs, signing in. */
export function leavingRoutes(org: Org): Router {
  const router = Router();
  const userNamed = (name: string): Row => {
    const [user] = org.where('User', 'Username', name);
    if (!user) throw new Refused(404, 'no user of this name');
    return user;
  };

  /** Settings that name a user, by user name, null to empty one; and whether what belongs to an account stays with its owner. */
  router.patch('/settings', (req, res) => {
    const { ownersStay, ...named } = wanted(settingsWanted, req.body);
    let settings: OrgSettings = { ...org.settings, ...(ownersStay === undefined ? {} : { ownersStay }) };
    for (const setting of settingsWanted.omit({ ownersStay: true }).keyof().options) {
      const name = named[setting];
      if (name === undefined) continue;
      const { [setting]: _, ...rest } = settings;
      settings = name === null ? rest : { ...rest, [setting]: userNamed(name).Id };
    }
    org.settings = settings;
    res.json(settings);
  });

  /** What people own, made by a generator (`books.ts`); of several people, each has a book of their own. */
  router.post('/books', (req, res) => {
    const { usernames, username: one, ...book } = wanted(booksWanted, req.body);
    const owners = [...(one === undefined ? [] : [one]), ...usernames].map(userNamed);
    const made: Record<string, number> = {};
    for (const [at, owner] of owners.entries()) {
      const filled = fillBook(org, { ...book, seed: book.seed + at, ownerId: owner.Id }, owner.Id);
      for (const [object, count] of Object.entries(filled)) made[object] = (made[object] ?? 0) + count;
    }
    res.json(made);
  });

  /** Every change of an owner, in order: what tells whether something was handed over twice. */
  router.get('/owner-changes', (_req, res) => {
    res.json(org.ownerChanges);
  });

  /** Deletes somebody's scheduled jobs, and schedules them as another user where `to` names one. */
  router.post('/jobs', (req, res) => {
    const { username: name, to } = wanted(jobsWanted, req.body);
    const next = to === null ? null : userNamed(to);
    const jobs = org.where('CronTrigger', 'OwnerId', userNamed(name).Id);
    for (const { Id, CronJobDetailId = null, CronExpression = null } of jobs) {
      org.remove('CronTrigger', Id);
      if (next) org.add('CronTrigger', { CronJobDetailId, CronExpression, OwnerId: next.Id }, next.Id);
    }
    res.json({ jobs: jobs.length });
  });

  /** Signs in as somebody, as they would by themself in a browser; their session's token is answered. */
  router.post('/sign-in', (req, res) => {
    const { username: name, sourceIp } = wanted(signInWanted, req.body);
    const how = {
      LoginType: 'Application',
      Application: 'Browser',
      ...(sourceIp ? { SourceIp: sourceIp } : {}),
    };
    res.json({ accessToken: signIn(org, signInUser(org, name, how), how) });
  });

  router.use((error: unknown, _req: unknown, res: Response, next: (error: unknown) => void) => {
    if (error instanceof SignInRefused) return void res.status(403).json({ problem: error.message });
    if (!(error instanceof Refused)) return next(error);
    res.status(error.status).json({ problem: error.message });
  });
  return router;
}
