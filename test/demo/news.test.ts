import { applyAll } from '../../src/domain/access-request';
import { boxText } from '../../src/domain/request-text';
import { commentInShort, newsOf, type Sight } from '../../src/demo/news';
import { tick } from '../../src/demo/tick';
import { BOT, description, OPENED, request } from '../domain/request';

const state = request();
const { tasks } = state.plan;
const sight = (change: Partial<Sight['issue']> = {}, more: Partial<Omit<Sight, 'issue'>> = {}): Sight => ({
  issue: {
    iid: 7,
    projectId: 101,
    title: 'Ada Example, Senior Account Executive: baseline access',
    description: description(state),
    state: 'opened',
    labels: [],
    assignees: [],
    author: BOT,
    confidential: true,
    updatedAt: OPENED,
    createdAt: OPENED,
    webUrl: 'https://gitlab.example/7',
    project: 'sales-ops/access-requests',
    moved: false,
    ...change,
  },
  notes: [],
  labelEvents: [],
  ...more,
});
const note = (id: number, author: string, body: string, system: boolean) => ({
  id,
  author,
  body,
  system,
  at: OPENED,
});
const label = (id: number, user: string, name: string, action: 'add' | 'remove') => ({
  id,
  user,
  label: name,
  action,
  at: OPENED,
});
const told = (before: Sight | null, now: Sight): string[] =>
  newsOf(before, now, tasks, BOT).map((news) =>
    news.kind === 'did' ? news.what : `granted ${news.task.name}`,
  );

describe('what daytwo did between two sights of an issue', () => {
  test('nothing, where only people did something', () => {
    const clari = tasks.find(({ id }) => id === 'clari');
    if (!clari) throw new Error('no Clari in the sample');
    const now = sight(
      { description: tick(description(state), boxText(clari)) ?? '' },
      {
        notes: [note(1, 'sam-ops', 'assigned to @sam-ops', true), note(2, 'sam-ops', 'On it.', false)],
        labelEvents: [label(1, 'sam-ops', 'SalesOpsAR::In Progress', 'add')],
      },
    );
    expect(told(sight(), now)).toEqual([]);
  });

  test('a grant is told when its box is ticked, once', () => {
    const done = applyAll(state, [
      { kind: 'outcome', task: 'salesforce', outcome: { kind: 'granted', verified: true }, at: OPENED },
    ]);
    const now = sight({ description: description(done) });
    expect(told(sight(), now)).toEqual(['granted Salesforce']);
    expect(told(null, now)).toEqual(['granted Salesforce']);
    expect(told(now, now)).toEqual([]);
  });

  test("a person's box is told once daytwo has noted who attested it", () => {
    const deed = { by: 'sam-ops', channel: 'gitlab', at: OPENED } as const;
    const done = applyAll(state, [
      { kind: 'claimed', ...deed },
      { kind: 'attested', task: 'clari', ...deed },
    ]);
    expect(told(sight(), sight({ description: description(done) }))).toEqual([
      'noted Clari as attested by sam-ops',
    ]);
  });

  test('a label that replaces another of its scope is told as the one that stands; others as taken away', () => {
    const now = sight(
      {},
      {
        labelEvents: [
          label(1, BOT, 'SalesOpsAR::Action Needed', 'remove'),
          label(2, BOT, 'SalesOpsAR::In Progress', 'add'),
          label(3, BOT, 'SalesOPS: Waiting on SFDC License', 'remove'),
        ],
      },
    );
    expect(told(sight(), now)).toEqual([
      'set ~"SalesOpsAR::In Progress"; took away ~"SalesOPS: Waiting on SFDC License"',
    ]);
  });

  test('assigning, commenting and closing are told', () => {
    const notes = [
      note(1, BOT, 'assigned to @priya-ops', true),
      note(2, BOT, '@jonas-ops: the approval was put back\\: no.\n\n<!-- daytwo:note:1 -->', false),
    ];
    expect(told(sight(), sight({ state: 'closed' }, { notes }))).toEqual([
      'assigned it to priya-ops',
      'commented: @jonas-ops: the approval was put back: no.',
      'closed the issue',
    ]);
  });

  test('a long comment is cut between two words', () => {
    expect(commentInShort('one two three', 9)).toBe('one two …');
  });
});
