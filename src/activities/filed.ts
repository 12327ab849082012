import { requestMarkOf } from '../domain/request-text';
import type { DeskIssue } from '../systems/gitlab';

/**
 * Whether an issue of the access-request project is this person's request, filed by hand: it isn't daytwo's own, and
 * names their address, their employee id or their onboarding issue.
 */
export function isFiledFor(
  issue: Pick<DeskIssue, 'title' | 'description'>,
  email: string,
  employeeId: string,
  onboardingUrl: string | null,
): boolean {
  if (isOurs(issue.description)) return false;
  const text = `${issue.title}\n${issue.description}`;
  return (
    names(text, email) ||
    new RegExp(`\\bemployee(?: id)?:? *${literally(employeeId)}(?![\\w-])`, 'i').test(text) ||
    (onboardingUrl !== null && names(text, onboardingUrl))
  );
}

/** What daytwo made itself. The templates' own mark, and its block on a request that people filed, don't make it that. */
export const isOurs = (description: string): boolean =>
  requestMarkOf(description) !== null || /<!-- daytwo:(?:request|ops|onboarding|move):/.test(description);

/** Whether a text names an address as a whole, in any spelling of its letters: `ann@…` doesn't stand in `joann@…`. */
export const names = (text: string, address: string): boolean =>
  new RegExp(`(?<![\\w.+%'-])${literally(address)}(?![\\w-]|\\.\\w)`, 'i').test(text);

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
