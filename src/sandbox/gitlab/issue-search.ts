import { Params, wordsOf } from './params';
import { ISSUE_TYPES, type Issue, type User } from './rows';
import { GitlabError, type Site } from './site';

const STATES = ['opened', 'closed', 'all'] as const;
const SCOPES = ['created_by_me', 'created-by-me', 'assigned_to_me', 'assigned-to-me', 'all'] as const;
const ORDERS = [
  'created_at',
  'updated_at',
  'due_date',
  'weight',
  'title',
  'priority',
  'label_priority',
  'milestone_due',
  'popularity',
  'relative_position',
] as const;

type Test = (issue: Issue) => boolean;

/** The issues of a list request: those that the viewer may see and the parameters ask for, in the order asked for. */
export function searchIssues(
  site: Site,
  params: Params,
  viewer: User,
  among: readonly Issue[],
  defaultScope: (typeof SCOPES)[number],
): Issue[] {
  const tests = [
    (issue: Issue) => site.seesIssue(issue, viewer),
    ...stateTests(params, viewer, defaultScope),
    ...labelTests(site, params),
    ...peopleTests(site, params),
    ...textTests(params.text('search'), params.words('in')),
    ...timeTests(params),
  ];
  return sorted(
    params,
    among.filter((issue) => tests.every((test) => test(issue))),
  );
}

/** The issues that a text is in, as the search of the whole site finds them; `#5` is the one of that number. */
export function issuesWithText(
  site: Site,
  params: Params,
  viewer: User,
  among: readonly Issue[],
  text: string,
): Issue[] {
  const iid = /^#(\d+)$/.exec(text.trim())?.[1];
  const state = params.oneOf('state', STATES) ?? 'all';
  const confidential = params.flag('confidential');
  const tests: Test[] = [
    (issue) => site.seesIssue(issue, viewer),
    (issue) => state === 'all' || issue.state === state,
    (issue) => confidential === undefined || issue.confidential === confidential,
    ...(iid === undefined
      ? textTests(text, undefined)
      : [(issue: Issue): boolean => issue.iid === Number(iid)]),
  ];
  return sorted(
    params,
    among.filter((issue) => tests.every((test) => test(issue))),
  );
}

function stateTests(params: Params, viewer: User, defaultScope: string): Test[] {
  const state = params.oneOf('state', STATES) ?? 'all';
  const scope = (params.oneOf('scope', SCOPES) ?? defaultScope).replaceAll('-', '_');
  const confidential = params.flag('confidential');
  const iids = params.integers('iids');
  const type = params.oneOf('issue_type', ISSUE_TYPES);
  return [
    (issue) => state === 'all' || issue.state === state,
    (issue) =>
      scope === 'created_by_me'
        ? issue.authorId === viewer.id
        : scope !== 'assigned_to_me' || issue.assigneeIds.includes(viewer.id),
    (issue) => confidential === undefined || issue.confidential === confidential,
    (issue) => iids === undefined || iids.length === 0 || iids.includes(issue.iid),
    (issue) => type === undefined || (issue.type ?? 'issue') === type,
  ];
}

function labelTests(site: Site, params: Params): Test[] {
  const namesOn = (issue: Issue): string[] =>
    issue.labelIds.map((id) => (site.rows.labels.get(id)?.name ?? '').toLowerCase());
  const has = (names: readonly string[], wanted: string): boolean =>
    wanted.endsWith('::*')
      ? names.some((name) => name.startsWith(wanted.slice(0, -1)))
      : names.includes(wanted);
  const tests: Test[] = [];
  const wanted = params.words('labels')?.map((word) => word.toLowerCase());
  if (wanted && wanted.length > 0)
    tests.push((issue) => {
      const names = namesOn(issue);
      return wanted.every((word) =>
        word === 'none' ? names.length === 0 : word === 'any' ? names.length > 0 : has(names, word),
      );
    });
  const unwanted = wordsOf(params.inside('not')['labels'])?.map((word) => word.toLowerCase());
  if (unwanted) tests.push((issue) => !unwanted.some((word) => has(namesOn(issue), word)));
  return tests;
}

function peopleTests(site: Site, params: Params): Test[] {
  const not = params.inside('not');
  const idOf = (name: string): number => site.userNamed(name)?.id ?? -1;
  const tests: Test[] = [];
  const assignee = params.text('assignee_id');
  if (assignee !== undefined) {
    const word = assignee.toLowerCase();
    if (!/^(?:none|any|\d+)$/.test(word)) throw GitlabError.badRequest('assignee_id is invalid');
    tests.push((issue) =>
      word === 'none' || word === '0'
        ? issue.assigneeIds.length === 0
        : word === 'any'
          ? issue.assigneeIds.length > 0
          : issue.assigneeIds.includes(Number(word)),
    );
  }
  const assignees = params.words('assignee_username');
  if (assignees) tests.push((issue) => assignees.every((name) => issue.assigneeIds.includes(idOf(name))));
  const author = params.integer('author_id');
  if (author !== undefined) tests.push((issue) => issue.authorId === author);
  const authorName = params.text('author_username');
  if (authorName !== undefined) tests.push((issue) => issue.authorId === idOf(authorName));
  const notAssignee = [
    ...(wordsOf(not['assignee_id']) ?? []).map(Number),
    ...(wordsOf(not['assignee_username']) ?? []).map(idOf),
  ];
  if (notAssignee.length > 0)
    tests.push((issue) => !notAssignee.some((id) => issue.assigneeIds.includes(id)));
  const notAuthor = [
    ...(wordsOf(not['author_id']) ?? []).map(Number),
    ...(wordsOf(not['author_username']) ?? []).map(idOf),
  ];
  if (notAuthor.length > 0) tests.push((issue) => !notAuthor.includes(issue.authorId));
  const notIids = (wordsOf(not['iids']) ?? []).map(Number);
  if (notIids.length > 0) tests.push((issue) => !notIids.includes(issue.iid));
  return tests;
}

function textTests(asked: string | undefined, where = ['title', 'description']): Test[] {
  const search = asked?.toLowerCase().trim();
  if (!search) return [];
  const phrases = [...search.matchAll(/"([^"]+)"|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '');
  return [
    (issue) => {
      const text = [
        where.includes('title') ? issue.title : '',
        where.includes('description') ? (issue.description ?? '') : '',
      ]
        .join('\n')
        .toLowerCase();
      return phrases.every((phrase) => text.includes(phrase));
    },
  ];
}

function timeTests(params: Params): Test[] {
  const bounds = (['created', 'updated', 'closed'] as const).map((what) => ({
    read: (issue: Issue): string | null =>
      what === 'created' ? issue.createdAt : what === 'updated' ? issue.updatedAt : issue.closedAt,
    after: params.instant(`${what}_after`),
    before: params.instant(`${what}_before`),
  }));
  return bounds.flatMap(({ read, after, before }) => {
    if (after === undefined && before === undefined) return [];
    return [
      (issue: Issue): boolean => {
        const at = read(issue);
        if (at === null) return false;
        const ms = Date.parse(at);
        return (after === undefined || ms >= after) && (before === undefined || ms <= before);
      },
    ];
  });
}

function sorted(params: Params, issues: Issue[]): Issue[] {
  const order = params.oneOf('order_by', ORDERS) ?? 'created_at';
  const direction = (params.oneOf('sort', ['asc', 'desc'] as const) ?? 'desc') === 'asc' ? 1 : -1;
  const read = (issue: Issue): string | number => {
    switch (order) {
      case 'updated_at':
        return issue.updatedAt;
      case 'due_date':
        return issue.dueDate ?? '9999-12-31';
      case 'weight':
        return issue.weight ?? Number.MAX_SAFE_INTEGER;
      case 'title':
        return issue.title.toLowerCase();
      default:
        return issue.createdAt;
    }
  };
  return issues.sort((a, b) => {
    const [left, right] = [read(a), read(b)];
    return (left < right ? -1 : left > right ? 1 : a.id - b.id) * direction;
  });
}
