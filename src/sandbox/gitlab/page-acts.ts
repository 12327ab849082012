import { updateIssue, type IssueFields } from './issues';
import { tasksIn, withTask } from './markdown-text';
import { createNote } from './notes';
import type { Issue, User } from './rows';
import { GitlabError, type Site } from './site';

/** Does what a form of the issue page or the board asks for, through the same functions as the API. */
export function actOn(site: Site, issue: Issue, actor: User, field: (name: string) => string): void {
  const change = (fields: IssueFields): void => void updateIssue(site, issue, actor, fields);
  const act = field('do');
  switch (act) {
    case 'assign':
      return change({ assigneeIds: [...issue.assigneeIds, userNamed(site, field('user')).id] });
    case 'unassign':
      return change({
        assigneeIds: issue.assigneeIds.filter((id) => id !== userNamed(site, field('user')).id),
      });
    case 'label':
      return field('label') === '' ? undefined : change({ addLabels: [field('label')] });
    case 'unlabel':
      return change({ removeLabels: [field('label')] });
    case 'move-card':
      return change({
        addLabels: [field('to')].filter(Boolean),
        removeLabels: [field('from')].filter(Boolean),
      });
    case 'tick':
      return change({
        description: ticked(issue, Number(field('line')), field('text'), field('state') === 'x'),
      });
    case 'describe':
      return change({ title: field('title'), description: field('description') });
    case 'comment':
      return void createNote(site, issue, actor, field('body'), false);
    case 'close':
    case 'reopen':
      return change({ stateEvent: act });
    default:
      throw GitlabError.invalid('Unknown act');
  }
}

/** The box by its line and text: somebody may have changed the description since the page was shown. */
function ticked(issue: Issue, line: number, text: string, complete: boolean): string {
  const tasks = tasksIn(issue.description);
  const task =
    tasks.find((row) => row.line === line && row.text === text) ?? tasks.find((row) => row.text === text);
  if (!task)
    throw GitlabError.invalid(
      'The description was changed in the meantime: this box is gone. Load the page again.',
    );
  return withTask(issue.description ?? '', task.line, complete);
}

function userNamed(site: Site, name: string): User {
  const user = site.userNamed(name);
  if (!user) throw GitlabError.notFound('User Not Found');
  return user;
}
