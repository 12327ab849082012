import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BulkQueries, type BulkOptions } from '../../src/systems/salesforce/bulk-query';
import { mountSalesforce, salesforceCredentials } from '../../src/sandbox/salesforce';
import { Grounds, withSystems } from '../sandbox/systems';
import { Scripted, type Answer } from './scripted';

const dir = mkdtempSync(join(tmpdir(), 'daytwo-bulk-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The ids that a query gives, page by page. */
async function all(bulk: BulkQueries, options: BulkOptions = {}): Promise<readonly string[]> {
  const { files, rows } = await bulk.download('SELECT Id, Name FROM Account', dir, 'account', options);
  const ids = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(1));
  expect(rows).toBe(ids.length);
  return ids.map((line) => line.split(',')[0] ?? '');
}

describe('an org that answers as it should', () => {
  const grounds = new Grounds();
  afterEach(() => grounds.close());

  async function org() {
    const world = grounds.world();
    const url = await grounds.serve(mountSalesforce(world, withSystems));
    const { clientId, clientSecret, username } = salesforceCredentials(world);
    const bulk = new BulkQueries({ loginUrl: url, clientId, clientSecret, username });
    const sandbox = (path: string, body: object) =>
      fetch(`${url}/__sandbox/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const filled = await sandbox('books', { username, accounts: 7 });
    if (!filled.ok) throw new Error(await filled.text());
    return { bulk, sandbox };
  }

  it.each([1, 3, 7, 100])('gives every row once in pages of %i', async (pageRows) => {
    const { bulk } = await org();
    const ids = await all(bulk, { pageRows });
    expect(ids).toHaveLength(7);
    expect(new Set(ids).size).toBe(7);
  });

  it('goes on where its session ends between two pages', async () => {
    const { bulk, sandbox } = await org();
    // Told after each look and page: none of them has a session of before.
    const expired: Promise<unknown>[] = [];
    const progress = (): void => void expired.push(sandbox('expire-sessions', {}));
    expect(await all(bulk, { pageRows: 4, progress })).toHaveLength(7);
    await Promise.all(expired);
  });

  it('tells what a query is refused for by its code', async () => {
    const { bulk } = await org();
    await expect(bulk.download('SELECT Nothing FROM Account', dir, 'none')).rejects.toMatchObject({
      code: 'INVALID_FIELD',
      retryable: false,
    });
  });
});

describe('an org that does not', () => {
  let server: Scripted;
  beforeAll(async () => {
    server = await Scripted.start();
  });
  afterAll(() => server.stop());

  const bulk = () =>
    new BulkQueries({
      loginUrl: server.url,
      clientId: 'id',
      clientSecret: 'secret',
      username: 'a@b.example',
    });
  /** What the job says of itself, and the answers to questions for its rows in their order. */
  function answers(job: object, ...pages: readonly Answer[]): void {
    let page = 0;
    server.answer = ({ path }) => {
      if (path.includes('/oauth2/token'))
        return { status: 200, body: { access_token: 'token', instance_url: server.url } };
      if (path.includes('/results')) return pages[Math.min(page++, pages.length - 1)] ?? { status: 500 };
      return { status: 200, body: { id: '750A', ...job } };
    };
  }
  const NO_ROWS: Answer = { status: 200, body: 'Id' };

  it('asks once more for a page that was not answered', async () => {
    answers({ state: 'JobComplete', numberRecordsProcessed: 0 }, { status: 503 }, 'drop', NO_ROWS);
    expect(await all(bulk())).toEqual([]);
  });

  it.each([
    ['Failed', false],
    ['Aborted', true],
  ])('a job that %s is a fault; worth another try: %p', async (state, retryable) => {
    answers({ state }, NO_ROWS);
    await expect(all(bulk())).rejects.toMatchObject({ code: state, retryable });
  });
});
