import type { DeskMessage } from './desk-acts';
import { markdown } from './escape';
import type { Channel, Doers, Handbook, Policy, System } from './handbook';
import { isSettled, type LeaverCase, type LeaverItem } from './leaving';
import { boxesOf, boxKey, lastTick, type Ticks } from './task-list';

/** Who may settle what, and over which channels. */
export interface LeaverRules {
  readonly systems: readonly System[];
  readonly people: Handbook['people'];
  readonly policy: Pick<Policy, 'decisions' | 'signedInChannels'>;
  /** The leaver's own GitLab user name; null where they have none. */
  readonly leaver: string | null;
  /** Those who may say that the call with somebody who is dismissed has begun. */
  readonly callers: readonly string[];
}

/** What GitLab shows of the issue. */
export interface LeaverReading extends Ticks {
  readonly description: string;
}

export interface LeaverPutBack {
  /** The same for the same act. */
  readonly key: string;
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

/** Somebody settled an item, or opened it again. */
export interface LeaverDeed {
  readonly item: LeaverItem;
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
}

export interface LeaverVerdict {
  readonly items: readonly LeaverItem[];
  /** What somebody settled or opened again just now. */
  readonly changed: readonly LeaverDeed[];
  readonly putBacks: readonly LeaverPutBack[];
  readonly answers: Readonly<Record<string, string | null>>;
  readonly callStarted: { readonly by: string; readonly at: string } | null;
}

/** Every system line "must be ticked, meaning either revoked or checked, had no access". */
export const revokedText = (name: string): string => `Access Deprovisioned - ${markdown(name)}`;
export const notApplicableText = (name: string): string =>
  `Not Applicable to Team Member - ${markdown(name)}`;
export const CALL_BOX = 'The call has begun: stop their sign-in now';

type Meaning = 'revoked' | 'not_applicable' | 'done';
/** The boxes of an item, by what they mean. */
export function boxesOfItem(
  item: LeaverItem,
  systems: readonly System[],
): readonly (readonly [Meaning, string])[] {
  if (item.kind !== 'system') return [['done', item.text]];
  const name = systems.find(({ key }) => key === item.system)?.name ?? item.id;
  return [
    ['revoked', revokedText(name)],
    ['not_applicable', notApplicableText(name)],
  ];
}

/** Those who may settle an item, without the leaver. */
export function settlersOf(item: LeaverItem, rules: LeaverRules): readonly string[] {
  const { people, systems, leaver } = rules;
  const names = (doers: Doers): readonly string[] =>
    'people' in doers ? doers.people : (people.teams[doers.queue]?.members ?? []);
  const system = systems.find(({ key }) => key === item.system);
  const who =
    item.kind === 'security'
      ? people.approvers.security
      : system
        ? names(system.deprovisioners)
        : people.provisioningDris;
  return [...new Set(who)].filter((name) => name !== leaver);
}

/** Judges what people ticked and said since, in order: taken as attested, or put back with the reason. */
export function judgeLeaver(
  one: LeaverCase,
  items: readonly LeaverItem[],
  reading: LeaverReading | null,
  messages: readonly DeskMessage[],
  rules: LeaverRules,
  call: { readonly by: string; readonly at: string } | null = null,
): LeaverVerdict {
  const now = new Map(items.map((item) => [item.id, item]));
  const changed: LeaverDeed[] = [];
  const putBacks: LeaverPutBack[] = [];
  const answers: Record<string, string | null> = {};
  const change = (item: LeaverItem, deed: Omit<LeaverDeed, 'item'>): void => {
    now.set(item.id, item);
    changed.push({ item, by: deed.by, at: deed.at, channel: deed.channel });
  };
  const settle = (item: LeaverItem, meaning: Meaning, deed: Omit<LeaverDeed, 'item'>): void =>
    change({ ...item, status: meaning, how: 'attested', by: deed.by, at: deed.at, problem: null }, deed);
  if (reading) {
    const boxes = new Map(boxesOf(reading.description).map((box) => [boxKey(box.text), box.ticked]));
    for (const item of items)
      for (const [meaning, text] of boxesOfItem(item, rules.systems)) {
        const ticked = boxes.get(boxKey(text));
        const shown = item.status === meaning;
        if (ticked === undefined || ticked === shown) continue;
        const tick = lastTick(reading, text, ticked);
        if (!tick) continue; // Nobody did it: the block is written anew.
        const act = { by: tick.by, at: tick.at, channel: 'gitlab' as const };
        const why = ticked
          ? whyNot(item, act, rules)
          : (whyNot(item, act, rules) ??
            (item.how === 'attested' ? null : 'daytwo has read it back from the system itself'));
        const who = settlersOf(item, rules);
        if (why !== null) putBacks.push({ key: `${tick.note}`, ...act, what: `"${text}"`, why, who });
        else if (ticked) settle(now.get(item.id) ?? item, meaning, act);
        else if (now.get(item.id)?.status === meaning)
          change({ ...item, status: 'open', how: null, by: null, at: null }, act);
      }
  }
  for (const message of messages) {
    const item = items.find(({ id }) => id === message.task);
    const why = !item
      ? `this leaving has no task "${message.task ?? ''}"; open are ${openIds([...now.values()])}`
      : message.kind !== 'complete'
        ? 'of a leaving, only a task can be completed'
        : whyNot(item, message, rules);
    answers[message.id] = why;
    if (why === null && item && !isSettled(now.get(item.id) ?? item))
      settle(item, meaningOf(item, message.reason), message);
    else if (why !== null)
      putBacks.push({
        key: message.id,
        by: message.by,
        at: message.at,
        channel: message.channel,
        what: `completing ${message.task ?? 'it'}`,
        why,
        who: item ? settlersOf(item, rules) : [],
      });
  }
  return {
    items: [...now.values()],
    changed,
    putBacks,
    answers,
    callStarted:
      one.phase === 'announced'
        ? (callSignal(call, rules, putBacks) ?? (reading && callTick(reading, rules, putBacks)))
        : null,
  };
}

const openIds = (items: readonly LeaverItem[]): string =>
  items
    .filter((item) => !isSettled(item))
    .map(({ id }) => id)
    .join(', ') || 'none';

/** "Either revoked or checked, had no access." */
const meaningOf = (item: LeaverItem, reason: string | undefined): Meaning =>
  item.kind !== 'system' ? 'done' : reason === 'not_applicable' ? 'not_applicable' : 'revoked';

function whyNot(
  item: LeaverItem,
  act: { readonly by: string; readonly channel: Channel },
  rules: LeaverRules,
): string | null {
  if (act.by === rules.leaver) return 'nobody says of themself that their access is gone';
  if (!settlersOf(item, rules).includes(act.by)) return 'it is settled by its deprovisioners';
  const { decisions, signedInChannels } = rules.policy;
  const sox = rules.systems.find(({ key }) => key === item.system)?.sox ?? false;
  const channels = sox ? signedInChannels : decisions.complete.channels;
  if (!channels.includes(act.channel))
    return `it counts only over ${channels.join(', ')}${sox ? ': this is a SOX system' : ''}`;
  return null;
}

const ONLY_CALLERS = 'only the manager and those who run leavings say so';

function callSignal(
  call: { readonly by: string; readonly at: string } | null,
  { callers }: LeaverRules,
  putBacks: LeaverPutBack[],
): LeaverVerdict['callStarted'] {
  if (!call || callers.includes(call.by)) return call;
  putBacks.push({
    key: `call/${call.at}`,
    by: call.by,
    at: call.at,
    channel: 'signal',
    what: `"${CALL_BOX}"`,
    why: ONLY_CALLERS,
    who: callers,
  });
  return null;
}

function callTick(
  reading: LeaverReading,
  { callers }: LeaverRules,
  putBacks: LeaverPutBack[],
): LeaverVerdict['callStarted'] {
  const box = boxesOf(reading.description).find(({ text }) => boxKey(text) === boxKey(CALL_BOX));
  const tick = box?.ticked ? lastTick(reading, CALL_BOX, true) : null;
  if (!tick) return null;
  if (callers.includes(tick.by)) return { by: tick.by, at: tick.at };
  putBacks.push({
    key: `${tick.note}`,
    by: tick.by,
    at: tick.at,
    channel: 'gitlab',
    what: `"${CALL_BOX}"`,
    why: ONLY_CALLERS,
    who: callers,
  });
  return null;
}
