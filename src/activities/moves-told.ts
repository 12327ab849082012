import { addDays, weekday } from '../domain/dates';
import { policyOn } from '../domain/day-two';
import {
  isWeekDue,
  movedMail,
  movesByOwner,
  weekMail,
  type Move,
  type OwnersMoves,
  type ToRead,
} from '../domain/territory/moves-mail';
import { SystemFault } from '../systems/fault';
import { bounded } from './bounded';
import { clockOf } from './close';
import { accountLink, reviewsOf } from './review-account';
import { dayOf } from './review-scene';
import type { World } from './world';

/** Mails that are sent at one time. */
const AT_ONCE = 4;
/** Runs of so many days are looked at: what nobody could be told of by then, their week's mail says. */
const DAYS_BACK = 7;
/** Kept in place of a person once everybody was told. */
const ALL = '*';

/**
 * Tells owners of accounts that changed hands: each once a run, and in one mail a week what came and went with reasons. A mail that isn't
 * taken is tried again in the next round, and keeps nobody else from theirs.
 */
export async function tellMoves(world: World, real: string): Promise<void> {
  if (!world.mailer || !world.handbook().territory || !world.connector('salesforce').accountReviews) return;
  const now = (await clockOf(world)).at(real);
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  const today = dayOf(now, policy);
  for (const run of await runsSince(world, addDays(today, -DAYS_BACK)))
    await tell(world, `moved/${run}`, () => movesOf(world, [run]), movedMail, now);
  const monday = addDays(today, 1 - weekday(today));
  const told = await world.store.reviews.told(`week/${monday}`);
  const { digestWeekday } = policy.territoryReview;
  if (!isWeekDue({ weekday: weekday(today), monday }, digestWeekday, told.has(ALL) ? monday : null)) return;
  const since = addDays(monday, -DAYS_BACK);
  const runs = (await runsSince(world, since)).filter((run) => run < monday);
  await tell(
    world,
    `week/${monday}`,
    () => movesOf(world, runs),
    (moves, to) => weekMail(moves, to, since),
    now,
  );
}

/** Runs that are over, of this day and later. */
async function runsSince(world: World, day: string): Promise<readonly string[]> {
  const ids = (await world.store.territoryRuns.ids()).filter((id) => id.slice(0, 10) >= day);
  const done: string[] = [];
  for (const id of ids) if ((await world.store.territoryRuns.get(id))?.run.phase === 'done') done.push(id);
  return done;
}

async function movesOf(world: World, runs: readonly string[]): Promise<readonly Move[]> {
  const all: Move[] = [];
  for (const run of runs)
    for (const { state, transfer } of await world.store.territoryRuns.transfers(run)) {
      const { accountId, from, to, why } = transfer;
      if (state === 'done' && from.ownerId !== to.ownerId)
        all.push({ accountId, from: from.ownerId, to: to.ownerId, on: run.slice(0, 10), why });
    }
  return all;
}

async function tell(
  world: World,
  what: string,
  read: () => Promise<readonly Move[]>,
  words: (moves: OwnersMoves, to: ToRead) => { readonly subject: string; readonly text: string },
  now: string,
): Promise<void> {
  const told = await world.store.reviews.told(what);
  if (told.has(ALL)) return;
  const byOwner = movesByOwner(await read());
  const open = [...byOwner].filter(([owner]) => !told.has(owner));
  let missed = 0;
  if (open.length > 0) {
    const users = await reviewsOf(world).keeper.users(open.map(([owner]) => owner));
    const to = await readerOf(
      world,
      open.map(([, moves]) => moves),
    );
    await bounded(open, AT_ONCE, async ([owner, moves]) => {
      const user = users.get(owner);
      // Who has left, and what isn't a person's, is told nothing.
      if (
        user?.active &&
        user.email !== '' &&
        !(await isSent(world, user.email, `${what}/${owner}`, words(moves, to)))
      )
        missed += 1;
      else await world.store.reviews.keepTold(what, owner, now);
    });
  }
  if (missed === 0) await world.store.reviews.keepTold(what, ALL, now);
}

async function isSent(
  world: World,
  to: string,
  key: string,
  mail: { readonly subject: string; readonly text: string },
): Promise<boolean> {
  try {
    await world.mailer?.send({
      ...mail,
      to,
      messageId: `<territory.${key.replace(/[^\w.-]/g, '.')}@daytwo>`,
    });
    return true;
  } catch (error) {
    if (!(error instanceof SystemFault)) throw error;
    return false;
  }
}

/** Names of accounts as they are now: they are kept nowhere else. */
async function readerOf(world: World, all: readonly OwnersMoves[]): Promise<ToRead> {
  const { keeper, fields } = reviewsOf(world);
  const ids = new Set(all.flatMap(({ came, went }) => [...came, ...went].map(({ accountId }) => accountId)));
  const cells = await keeper.read([...ids], [fields.account.name]);
  return {
    nameOf: (accountId) => cells.get(accountId)?.[0] ?? accountId,
    linkOf: await accountLink(world),
  };
}
