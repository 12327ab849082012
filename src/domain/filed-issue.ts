import type { System } from './handbook';

/** The mark that the issue templates carry, and the requests that daytwo files itself. */
const FORM_MARK = '<!-- daytwo:form:';
/** What daytwo writes on a request that it leads already: its workflow is gone. */
const FILED_MARK = '<!-- daytwo:filed:';
/** A list item, a box or a table row, and what stands first in it. */
const FIRST_WORDS = /^[ \t]*(?:[*+-]|\d{1,4}[.)])[ \t]+(?:\[[ xX~]?\][ \t]*)?(.*)$|^[ \t]*\|(.*)$/;

/**
 * Whether an issue of the access-request project is a request that somebody filed: it carries the templates' mark, or a line
 * of a list begins with a system's name or alias. What daytwo wrote itself counts only with the mark, and with another of its
 * marks it is something else: a baseline request, a task for ops.
 */
export function looksFiled(
  issue: { readonly description: string; readonly author: string },
  systems: readonly Pick<System, 'name' | 'aliases' | 'key'>[],
  bot: string,
): boolean {
  const { description, author } = issue;
  if (description.includes(FORM_MARK) || (author !== bot && description.includes(FILED_MARK))) return true;
  if (author === bot || description.includes('<!-- daytwo:')) return false;
  const names = systems.flatMap(({ key, name, aliases }) => [key, name, ...aliases]).map(plain);
  return description
    .slice(0, MOST_READ)
    .split(/\r\n?|\n/)
    .some((line) => {
      const found = FIRST_WORDS.exec(line);
      const text = plain(found?.[1] ?? found?.[2] ?? '');
      return text !== '' && names.some((name) => text === name || text.startsWith(`${name} `));
    });
}

/** GitLab's own limit of a description. */
const MOST_READ = 1_048_576;

/** Letters and digits in lower case, everything between them one space: `**Sales-Force**:` reads as `sales force`. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
