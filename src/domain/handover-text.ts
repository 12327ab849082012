import type { Absence, TimeAway } from './absence';
import { isDone, type RequestState } from './access-request';
import { codeSpan, markdown, plainLine } from './escape';

/** Why a claim went back to the team. */
export type HandoverReason =
  | { readonly kind: 'away'; readonly until: string | null }
  /** Nothing moved since this instant. */
  | { readonly kind: 'idle'; readonly since: string }
  | { readonly kind: 'left' };

/** From a time away, without what a calendar says of it: that is nobody else's business. */
export const reasonOf = (away: TimeAway): HandoverReason =>
  away.sources.includes('left' satisfies Absence['source'])
    ? { kind: 'left' }
    : { kind: 'away', until: away.until };

/**
 * The comment with which a request goes back to the team: "if the Sales Ops team member is out of office, the team moves the
 * request in a timely fashion" (the Sales Ops handbook page). Says what is done and what is left; half-done tasks stay.
 *
 * @param holder user name of whose claim it was
 * @param mention user names of those who are to read it
 */
export function handoverText(
  state: RequestState,
  holder: string,
  why: HandoverReason,
  mention: readonly string[],
): string {
  const to = mention.length > 0 ? `${mention.map((name) => `@${name}`).join(' ')}: ` : '';
  return [
    `${to}this request is back with the team: ${codeSpan(holder)} ${inWords(why)}.`,
    ...listOf('Done', tasksThat(state, true)),
    ...listOf('Left', tasksThat(state, false)),
    `Whoever takes it assigns it to themself. ${codeSpan(holder)} may take it again, too.`,
  ].join('\n\n');
}

/** The same as a mail in plain text: subject and text. */
export function handoverMail(
  state: RequestState,
  holder: string,
  why: HandoverReason,
): { readonly subject: string; readonly text: string } {
  const names = (done: boolean): string =>
    tasksThat(state, done)
      .map((name) => `  - ${plainLine(name)}`)
      .join('\n') || '  (nothing)';
  return {
    subject: `Back with the team: access request ${state.ref.project}#${state.ref.iid}`,
    text: [
      `${plainLine(holder)} ${inWords(why)}, so this access request waits for somebody of the team to take it:`,
      state.ref.url,
      `Done:\n${names(true)}`,
      `Left:\n${names(false)}`,
    ].join('\n\n'),
  };
}

function inWords(why: HandoverReason): string {
  switch (why.kind) {
    case 'away':
      return why.until === null ? 'is away' : `is away until ${why.until.slice(0, 16).replace('T', ' ')} UTC`;
    case 'idle':
      return `has held it without anything moving since ${why.since.slice(0, 10)}`;
    case 'left':
      return 'has left';
  }
}

const tasksThat = (state: RequestState, done: boolean): readonly string[] =>
  state.plan.tasks.filter(({ id }) => isDone(state, id) === done).map(({ name }) => name);

const listOf = (title: string, names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [`**${title}** (${names.length}):\n\n${names.map((name) => `- ${markdown(name)}`).join('\n')}`];
