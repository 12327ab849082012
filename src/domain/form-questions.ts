import { codeSpan, markdown } from './escape';
import type { FormProblem } from './form';

/** Problems that are listed; of the others only the number is told. */
const MOST_LISTED = 30;
const USERNAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/**
 * The one comment that asks for all that can't be read: each line as it stands, and what is expected there.
 *
 * @param requester GitLab user name of who can mend it
 */
export function askBackText(problems: readonly FormProblem[], requester: string): string {
  const whom = USERNAME.test(requester) ? `@${requester}` : codeSpan(requester);
  const many = problems.length === 1 ? 'One thing' : `${problems.length.toLocaleString('en')} things`;
  const more = problems.length - MOST_LISTED;
  return [
    `${whom} ${many} on this request can't be read:`,
    problems.slice(0, MOST_LISTED).map(questionOf).join('\n'),
    ...(more > 0 ? [`… and ${more.toLocaleString('en')} more, which are likely of the same kinds.`] : []),
    'Nothing is given or taken away meanwhile. **Change the description of this issue**: the request is read again then, and goes on by itself.',
  ].join('\n\n');
}

const questionOf = ({ quoted, expected }: FormProblem): string =>
  quoted === '' ? `- ${markdown(expected)}` : `- ${codeSpan(quoted)}\n  ${markdown(expected)}`;
