import type { CloseCase } from '../domain/close/close';
import { NO_EXTRAS, type CloseExtras } from '../domain/close/extras';
import type { CloseRules } from '../domain/close/desk';
import type { DeskMessage } from '../domain/desk-acts';
import { SystemFault } from '../systems/fault';
import type { Mail } from '../systems/mail';
import type { ClosePlan } from '../handbook/close-time';
import type { CloseIssues } from './close-issues';
import { noteOfClose } from './close-record';
import { postOnce } from './desk-comments';
import type { World } from './world';

/** What a visit does beside tasks and lights works with. */
export interface ExtrasVisit {
  readonly world: World;
  readonly close: CloseCase;
  readonly plan: ClosePlan;
  readonly rules: CloseRules;
  readonly issues: CloseIssues;
  readonly messages: readonly DeskMessage[];
  /** The period is looked at whole in this visit. */
  readonly look: boolean;
  readonly bot: string;
  readonly now: string;
}

export interface ExtrasDone {
  readonly extras: CloseExtras;
  /** By message, why it isn't taken; null where it is. */
  readonly answers: Readonly<Record<string, string | null>>;
}

export const extrasOf = ({ close }: Pick<ExtrasVisit, 'close'>): CloseExtras => close.extras ?? NO_EXTRAS;

type Told = CloseExtras['told'];

/**
 * Mails each of these people once. Whom no mail reaches now is tried again with the next visit, and keeps nobody else from theirs; without
 * mail the issues alone tell.
 */
export async function mailOnce(
  { world, close, now }: Pick<ExtrasVisit, 'world' | 'close' | 'now'>,
  told: Told,
  key: string,
  usernames: readonly string[],
  mail: Pick<Mail, 'subject' | 'text'>,
): Promise<Told> {
  const { members } = world.handbook().people;
  const to = members
    .filter(({ username }) => usernames.includes(username))
    .map(({ username, email }) => ({ name: username, email }));
  return mailAddresses({ world, close, now }, told, key, to, mail);
}

/** The same for addresses that are known elsewhere; a name is what is remembered of each. */
export async function mailAddresses(
  { world, close, now }: Pick<ExtrasVisit, 'world' | 'close' | 'now'>,
  before: Told,
  key: string,
  to: readonly { readonly name: string; readonly email: string }[],
  mail: Pick<Mail, 'subject' | 'text'>,
): Promise<Told> {
  let told = before;
  for (const { name, email } of world.mailer ? to : []) {
    const mark = `${key}/${name}`;
    if (told[mark] !== undefined) continue;
    try {
      await world.mailer?.send({
        ...mail,
        to: email,
        messageId: `<close.${close.period}.${key}.${name}@daytwo>`,
      });
      told = { ...told, [mark]: now };
    } catch (error) {
      if (!(error instanceof SystemFault)) throw error;
    }
  }
  return told;
}

/** Says it once on an issue, and remembers that it was said. */
export async function sayOnce(
  {
    world,
    issues,
    bot,
    now,
  }: Pick<ExtrasVisit, 'world' | 'bot' | 'now'> & { issues: Pick<ExtrasVisit['issues'], 'period'> },
  told: Told,
  key: string,
  text: string,
  on: { readonly project: string; readonly iid: number } = issues.period,
): Promise<Told> {
  if (told[key] !== undefined) return told;
  await postOnce(world, on, { bot }, `extras:${key}`, text);
  return { ...told, [key]: now };
}

/** What people are told: a mail, and words on an issue. */
export interface Message {
  /** User names. */
  readonly to: readonly string[];
  readonly mail: Pick<Mail, 'subject' | 'text'>;
  readonly words: string;
  /** The kind of its record, and what the record says. */
  readonly kind: string;
  readonly what: string;
}

/** Tells people once: on an issue, by mail, and with a record of it. */
export async function tellOnce(
  visit: Pick<ExtrasVisit, 'world' | 'close' | 'bot' | 'now'> & {
    readonly issues: Pick<ExtrasVisit['issues'], 'period'>;
  },
  before: Told,
  key: string,
  { to, mail, words, kind, what }: Message,
  on?: { readonly project: string; readonly iid: number },
): Promise<Told> {
  const { world, close, now } = visit;
  if (before[key] === undefined) await noteOfClose(world, close, key, now, kind, { what, to });
  const told = await sayOnce(visit, before, key, `${mentions(to)} ${words}`, on);
  return mailOnce(visit, told, key, to, mail);
}

export const mentions = (usernames: readonly string[]): string =>
  usernames.map((name) => `@${name}`).join(' ');
