import { isLocked, type CloseCase } from '../domain/close/close';
import {
  isToldToday,
  mendedByOwners,
  ownerlessMail,
  ownerMail,
  type OwnerMailPolicy,
} from '../domain/close/owner-mail';
import type { Finding } from '../domain/close/findings';
import { addDays } from '../domain/dates';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { SystemFault } from '../systems/fault';
import type { Mail } from '../systems/mail';
import { bounded } from './bounded';
import { noteOfClose } from './close-record';
import type { World } from './world';

/** Mails that are sent at one time. */
const AT_ONCE = 4;
/** Where what was told to Sales Operations is kept: an owner has an id. */
const NO_OWNER = '';

/** One mail to be sent, to one person or to a team. */
interface Letter {
  /** Of whom the findings are, by the CRM's id. */
  readonly owner: string;
  readonly to: readonly string[];
  readonly findings: readonly Finding[];
  readonly words: Pick<Mail, 'subject' | 'text'>;
}

/**
 * Tells each owner in one mail what they are to mend of theirs, once a night at most and only where something is new or still
 * stands after some days; what no active user owns is told to Sales Operations, in one mail. Done again, nobody is told twice. A mail
 * that isn't taken stops nothing: that owner is told in the next night.
 */
export async function tellOwners(
  world: World,
  close: CloseCase,
  plan: ClosePlan,
  now: string,
): Promise<void> {
  const policy = plan.policy.close.ownerMails;
  const today = localTime(now, plan.policy.close.zone).date;
  const { mailer } = world;
  const { owners } = world.connector('salesforce');
  if (!mailer || !owners || !isTime(close, plan, policy, today)) return;
  const byOwner = mendedByOwners(await world.store.closes.findings(close.period));
  if (byOwner.size === 0) return;
  const letters = await lettersDue(world, { close, plan, today }, byOwner);
  if (letters.length === 0) return;
  const missed: string[] = [];
  await bounded(letters, AT_ONCE, async ({ owner, to, findings, words }) => {
    const messageId = (at: number) =>
      `<daytwo-close-${close.period}-${today}-${owner || 'ops'}-${at}@daytwo>`;
    let isSent = false;
    for (const [at, address] of to.entries())
      try {
        await mailer.send({ ...words, to: address, messageId: messageId(at) });
        isSent = true;
      } catch (error) {
        if (!(error instanceof SystemFault)) throw error;
        missed.push(owner || 'Sales Operations');
      }
    if (isSent)
      await world.store.trend.keepTold(close.period, owner, {
        at: now,
        findings: findings.map(({ id }) => id),
      });
  });
  const told = [...(await world.store.trend.told(close.period))].filter(([, { at }]) => at === now);
  await noteOfClose(world, close, `told/${now}`, now, 'close.told', {
    what: 'told owners in one mail each what they are to mend',
    after: Object.fromEntries(
      told.map(([owner, { findings }]) => [owner || 'Sales Operations', findings.length]),
    ),
    ...(missed.length > 0 ? { why: `no mail was taken for ${[...missed].sort().join(', ')}` } : {}),
  });
}

/** From so many days before the period's last day on, until it is locked. */
const isTime = (
  close: CloseCase,
  { period }: ClosePlan,
  { fromDaysBefore }: OwnerMailPolicy,
  today: string,
): boolean =>
  fromDaysBefore !== null && !isLocked(close) && today >= addDays(period.lastDay, -fromDaysBefore);

interface Night {
  readonly close: CloseCase;
  readonly plan: ClosePlan;
  readonly today: string;
}

async function lettersDue(
  world: World,
  { close, plan, today }: Night,
  byOwner: ReadonlyMap<string | null, readonly Finding[]>,
): Promise<readonly Letter[]> {
  const { zone, ownerMails: policy } = plan.policy.close;
  const { owners: finder } = world.connector('salesforce');
  if (!finder) return [];
  const told = await world.store.trend.told(close.period);
  const dayOf = (at: string): string => localTime(at, zone).date;
  const isDue = (owner: string, findings: readonly Finding[]): boolean =>
    isToldToday(findings, told.get(owner), { today, dayOf, policy });
  const users = await finder.find([...byOwner.keys()].filter((owner) => owner !== null));
  const address = await finder.address();
  const occasion = {
    period: close.period,
    lastDay: plan.period.lastDay,
    zone,
    today,
    linkOf: (record: string) => `${address}${encodeURIComponent(record)}`,
  };
  const letters: Letter[] = [];
  const ownerless = new Map<string | null, readonly Finding[]>();
  for (const [owner, findings] of byOwner) {
    const user = owner === null ? undefined : users.get(owner);
    if (owner === null || !user?.active || !user.email) ownerless.set(owner, findings);
    else if (isDue(owner, findings))
      letters.push({ owner, to: [user.email], findings, words: ownerMail(findings, occasion) });
  }
  const rest = [...ownerless.values()].flat();
  const { people } = world.handbook();
  const team = people.teams[people.salesOpsTeam]?.members ?? [];
  const to = people.members.filter(({ username }) => team.includes(username)).map(({ email }) => email);
  if (to.length > 0 && isDue(NO_OWNER, rest))
    letters.push({ owner: NO_OWNER, to, findings: rest, words: ownerlessMail(ownerless, occasion) });
  return letters;
}
