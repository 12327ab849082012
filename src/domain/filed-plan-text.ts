import type { ApprovalPart, Task } from './access-request';
import { codeSpan, markdown } from './escape';
import type { FormKind, FormProblem } from './form';
import { roleInWords } from './request-status';
import { taskInWords } from './tasks';

/** What would come of a request, were it filed as it stands. */
export interface RequestForecast {
  readonly kind: FormKind;
  readonly people: number;
  readonly leftOut: readonly { readonly email: string; readonly problem: string }[];
  /** In the order in which they would be done. */
  readonly tasks: readonly { readonly task: Task; readonly by: 'daytwo' | 'person' }[];
  readonly parts: readonly ApprovalPart[];
  /** Licences that it would need; `free` is null where the system tells no limit. */
  readonly seats: readonly {
    readonly licence: string;
    readonly needed: number;
    readonly free: number | null;
  }[];
  readonly problems: readonly FormProblem[];
  readonly unread: number;
  readonly until: string | null;
}

const MOST_LINES = 20;

/** The forecast as a comment on the issue. */
export function filedPlanText(forecast: RequestForecast): string {
  return ['**Plan** (nothing was changed)', ...forecastLines(forecast, markdown, codeSpan)].join('\n\n');
}

/** The forecast in paragraphs, with the escapes of the place where it goes. */
export function forecastLines(
  forecast: RequestForecast,
  text: (raw: string) => string,
  code: (raw: string) => string,
): readonly string[] {
  const { people, leftOut, tasks, parts, seats, problems, unread, until } = forecast;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0
      ? []
      : [
          [
            title,
            ...lines.slice(0, MOST_LINES).map((line) => `- ${line}`),
            ...(lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : []),
          ].join('\n'),
        ];
  const names = new Map(tasks.map(({ task }) => [task.id, task.name]));
  return [
    `${people === 1 ? 'One person' : `${people} people`} would take part${until ? `, until ${until}` : ''}.`,
    ...list(
      `Can't be read (${unread}):`,
      problems.map(({ quoted, expected }) => `${quoted ? `${code(quoted)}: ` : ''}${text(expected)}`),
    ),
    ...list(
      'Left out:',
      leftOut.map(({ email, problem }) => `${code(email)}: ${text(problem)}`),
    ),
    ...list(
      'Done, in this order:',
      tasks.map(({ task, by }) => taskLine(task, by, names, text)),
    ),
    ...(unread > 0
      ? ['Who would have to approve is known once every line can be read.']
      : parts.length === 0
        ? ['Nobody would have to approve it.']
        : list(
            'Approved before that by:',
            parts.map((part) => partLine(part, text, code)),
          )),
    ...list(
      'Licences:',
      seats.map(({ licence, needed, free }) => seatLine(licence, needed, free, text)),
    ),
  ];
}

function taskLine(
  task: Task,
  by: 'daytwo' | 'person',
  names: ReadonlyMap<string, string>,
  text: (raw: string) => string,
): string {
  const what = task.verb === 'remove' ? 'taken away' : taskInWords(task);
  const after = task.after.flatMap((id) => names.get(id) ?? []);
  const later = task.delay ? `, ${task.delay.hours} hours later` : '';
  return `${text(task.name)}${what ? ` (${text(what)})` : ''}: by ${by === 'daytwo' ? 'daytwo' : 'a person'}${after.length > 0 ? `, after ${after.map(text).join(', ')}` : ''}${later}`;
}

function partLine(part: ApprovalPart, text: (raw: string) => string, code: (raw: string) => string): string {
  const [first, ...others] = part.who;
  const who =
    part.status === 'approved'
      ? 'whoever filed it, who is the manager'
      : first === undefined
        ? 'nobody: name somebody in config/'
        : `${code(first)}${others.length > 0 ? ` or ${others.length} more` : ''}`;
  return `${text(part.system)}: ${who} (${roleInWords(part.role)}${part.strict ? ', signed in' : ''})`;
}

function seatLine(
  licence: string,
  needed: number,
  free: number | null,
  text: (raw: string) => string,
): string {
  if (free === null) return `${text(licence)}: ${needed} needed, no limit is told`;
  const short = needed - free;
  return `${text(licence)}: ${needed} needed, ${free} free${short > 0 ? `: ${short} would wait` : ''}`;
}
