import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHandbook } from '../../src/handbook';
import { editsInForce, editsOf } from '../../src/handbook/history';

let root: string;
let config: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'daytwo-history-'));
  config = join(root, 'config');
  mkdirSync(join(config, 'territory/tables'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  write('territory/rules.yml', 'one');
  write('people.yml', 'people');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=Dana', '-c', 'user.email=dana@daytwo.example', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  }).trim();
const write = (file: string, text: string): void => writeFileSync(join(config, file), text);
function commit(author: string, message = 'edit'): string {
  git('add', '--all');
  git('commit', '--quiet', `--author=Somebody <${author}@daytwo.example>`, '-m', message);
  return git('rev-parse', 'HEAD');
}
const since = (commit: string | null) => editsOf(config, 'territory', commit);

test('who edited rules or tables since a commit is known, each once; other files do not count', async () => {
  const first = commit('amber');
  write('territory/tables/smb.csv', 'a');
  commit('meri');
  write('territory/rules.yml', 'two');
  commit('MERI');
  write('people.yml', 'more people');
  const head = commit('vera');
  expect(await since(first)).toEqual({ at: head, authors: ['meri@daytwo.example'], why: null });
  expect(await since(head)).toEqual({ at: head, authors: [], why: null });
});

test('who is named as a co-author edited, too', async () => {
  const first = commit('amber');
  write('territory/rules.yml', 'two');
  commit(
    'meri',
    'edit\n\nCo-authored-by: Pat Ops <pat@daytwo.example>\nReviewed-by: Vera <vera@daytwo.example>',
  );
  expect((await since(first)).authors).toEqual(['meri@daytwo.example', 'pat@daytwo.example']);
});

test('what was edited on a branch, and taken back on the other side, counts', async () => {
  const first = commit('amber');
  git('checkout', '--quiet', '-b', 'side');
  write('territory/rules.yml', 'two');
  commit('meri');
  write('territory/rules.yml', 'one');
  commit('pat');
  git('checkout', '--quiet', 'main');
  write('people.yml', 'more people');
  commit('vera');
  git('merge', '--quiet', '--no-edit', 'side');
  expect((await since(first)).authors).toEqual(['meri@daytwo.example', 'pat@daytwo.example']);
});

describe('it is not known', () => {
  test('where there is no checkout', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    expect(await since(null)).toEqual({
      at: null,
      authors: null,
      why: expect.stringContaining('no git checkout'),
    });
  });

  test.each([
    ['a file that was changed', () => write('territory/rules.yml', 'mine')],
    ['a new file', () => write('territory/tables/new.csv', 'mine')],
    ['a file that git is told to ignore', () => write('territory/tables/ignored.csv', 'mine')],
  ])('with %s and not committed', async (_, edit) => {
    writeFileSync(join(root, '.gitignore'), 'ignored*\n');
    const first = commit('amber');
    edit();
    expect(await since(first)).toEqual({
      at: null,
      authors: null,
      why: expect.stringContaining('not committed'),
    });
  });

  test('of a copy that git ignores within a checkout', async () => {
    writeFileSync(join(root, '.gitignore'), '.state/\n');
    const first = commit('amber');
    cpSync(config, join(root, '.state/config'), { recursive: true });
    expect(await editsOf(join(root, '.state/config'), 'territory', first)).toMatchObject({
      at: null,
      authors: null,
    });
  });

  test('from no commit, from one that is gone, and from what is none', async () => {
    const head = commit('amber');
    expect(await since(null)).toMatchObject({
      at: head,
      authors: null,
      why: expect.stringContaining('no run'),
    });
    for (const wrong of ['f'.repeat(40), '--output=x', 'HEAD~1', ''])
      expect(await since(wrong)).toMatchObject({
        at: head,
        authors: null,
        why: expect.stringContaining('not in the history'),
      });
  });

  test('where the history goes back behind that commit', async () => {
    commit('amber');
    write('territory/rules.yml', 'two');
    const later = commit('meri');
    git('reset', '--quiet', '--hard', 'HEAD~1');
    expect(await since(later)).toMatchObject({ authors: null });
  });

  test('where a clone has a part of the history only', async () => {
    const first = commit('amber');
    write('territory/rules.yml', 'two');
    commit('meri');
    write('territory/rules.yml', 'three');
    commit('pat');
    git('clone', '--quiet', '--depth=2', `file://${root}`, join(root, 'clone'));
    expect(await editsOf(join(root, 'clone/config'), 'territory', first)).toMatchObject({ authors: null });
  });
});

test('what editors leave beside the tables is nobody’s edit', async () => {
  const first = commit('amber');
  for (const name of ['.smb.csv.swp', 'smb.csv~']) write(`territory/tables/${name}`, 'x');
  expect(await since(first)).toMatchObject({ authors: [] });
});

test('a setting of the checkout runs nothing', async () => {
  const first = commit('amber');
  const ran = join(root, 'ran');
  git('config', 'core.fsmonitor', `touch ${ran}; false`);
  git('config', 'core.pager', `touch ${ran}`);
  expect(await since(first)).toMatchObject({ authors: [] });
  expect(() => execFileSync('test', ['-e', ran])).toThrow();
});

test('only of the handbook that is in force', async () => {
  rmSync(config, { recursive: true });
  cpSync(join(__dirname, '../../config'), config, { recursive: true });
  const head = commit('amber');
  const read = loadHandbook(config);
  if (!read.ok) throw new Error('the handbook does not pass its check');
  expect(await editsInForce(config, read.handbook, 'territory', head)).toMatchObject({
    at: head,
    authors: [],
  });
  expect(await editsInForce(config, { digest: 'sha256:other' }, 'territory', head)).toEqual({
    at: null,
    authors: null,
    why: expect.stringContaining('in force'),
  });
});
