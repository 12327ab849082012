import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isCalendarDate } from '../domain/dates';
import { standsAsApproved } from '../domain/digest';
import type { Handbook, RoleTemplate } from '../domain/handbook';
import { ConfigFile } from './config-file';
import { loadHandbook } from './load';
import type { Problem } from './problem';
import { isRoleFile, roleOf } from './read-roles';
import { suggestion } from '../domain/spelling';

export type Approved =
  | {
      readonly ok: true;
      readonly path: string;
      readonly digest: string;
      readonly by: readonly string[];
      readonly changed: boolean;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Approves a role template as it stands: writes its `approved:` block with a new digest; every other byte stays. Whoever
 * approved the same content before stays named beside `by`; approvals of other content are dropped.
 *
 * @param dir the configuration folder
 * @param file the template, relative to `dir` or to the working directory
 * @param by user name of a template approver of `people.yml`
 * @param today the date to write, `YYYY-MM-DD`
 * @returns problems instead, and nothing is written, if the handbook as a whole doesn't pass its check
 */
export function approveTemplate(dir: string, file: string, by: string, today: string): Approved {
  const loaded = loadHandbook(dir);
  if (!loaded.ok) return loaded;
  const path = pathWithin(dir, file);
  const template = loaded.handbook.templates.find((one) => one.path === path);
  const refused = refusal(loaded.handbook, template, path, by, today);
  if (refused || !template) return { ok: false, problems: refused ? [refused] : [] };

  const earlier = template.approval && standsAsApproved(template) ? template.approval.by : [];
  if (earlier.includes(by)) return { ok: true, path, digest: template.digest, by: earlier, changed: false };
  const approval = { by: [...earlier, by], on: today, digest: template.digest };

  const text = readFileSync(join(dir, path), 'utf8');
  const approvedText = withApproval(text, approval);
  const written = roleOf(ConfigFile.parse(path, approvedText, []));
  if (written?.template.digest !== template.digest || !standsAsApproved(written.template)) {
    const mend =
      'Take its approved: block away by hand, or write it as the other templates do, and approve again.';
    return {
      ok: false,
      problems: [{ file: path, line: 1, problem: "the approved: block can't be replaced", mend }],
    };
  }
  writeWhole(join(dir, path), approvedText);
  return { ok: true, path, digest: template.digest, by: approval.by, changed: true };
}

function refusal(
  { people, templates }: Handbook,
  template: RoleTemplate | undefined,
  path: string,
  by: string,
  today: string,
): Problem | null {
  const at = { file: path, line: 1 };
  if (!template || !isRoleFile(path)) {
    const mend = suggestion(
      path,
      templates.map((one) => one.path),
      'Name a file below roles/.',
    );
    return { ...at, value: path, problem: 'no role template', mend };
  }
  if (!people.templateApprovers.includes(by)) {
    const known = people.members.some((person) => person.username === by);
    const mend = `Those who may: ${people.templateApprovers.join(', ')} (template_approvers of people.yml).`;
    return { ...at, value: by, problem: known ? 'may not approve templates' : 'unknown person', mend };
  }
  if (!isCalendarDate(today))
    return { ...at, value: today, problem: 'not a date of the calendar', mend: 'Write it as YYYY-MM-DD.' };
  return null;
}

/** The path as the handbook names it, whether it was given from the configuration folder or from where one stands. */
function pathWithin(dir: string, file: string): string {
  const fromHere = relative(resolve(dir), resolve(file)).replaceAll('\\', '/');
  if (isAbsolute(file) || isRoleFile(fromHere)) return fromHere;
  return file.replaceAll('\\', '/').replace(/^\.\//, '');
}

/** The text with the block `approved:` at its end or in its place, in the line ends that the file has. */
export function withApproval(text: string, approval: NonNullable<RoleTemplate['approval']>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = [
    'approved:',
    `  by: [${approval.by.join(', ')}]`,
    `  on: ${approval.on}`,
    `  digest: ${approval.digest}`,
  ].join(eol);
  const lines = text.split(eol);
  const first = lines.findIndex((line) => /^(approved|"approved"|'approved')\s*:/.test(line));
  if (first < 0) return `${text}${text === '' || text.endsWith(eol) ? '' : eol}${eol}${block}${eol}`;
  // The block goes on as long as lines are indented; blank lines and comments behind its last line aren't its own.
  let last = first;
  for (let at = first + 1; at < lines.length && /^(\s|$)/.test(lines[at] ?? ''); at++) {
    if (/^\s+[^\s#]/.test(lines[at] ?? '')) last = at;
  }
  return [...lines.slice(0, first), block, ...lines.slice(last + 1)].join(eol);
}

/** Whole or not at all: the worker may read the file at this moment. */
function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}~`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
