import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IssueTemplate } from '../domain/handbook';
import type { Problem } from './problem';

/** The folder of `config/` that is published into the access-request project. */
export const ISSUE_TEMPLATES = 'issue_templates';
const ISSUE_TEMPLATE = /^issue_templates\/[\w-]+\.md$/;

export const isIssueTemplate = (file: string): boolean => ISSUE_TEMPLATE.test(file);

/** An issue template of `config/issue_templates/`, as it is published. */
export function readIssueTemplate(dir: string, file: string, problems: Problem[]): IssueTemplate | null {
  const text = readFileSync(join(dir, file), 'utf8');
  if (text.trim() !== '') return { file: basename(file), text };
  problems.push({
    file,
    line: 1,
    problem: 'an empty issue template',
    mend: 'Write it, or take the file away.',
  });
  return null;
}
