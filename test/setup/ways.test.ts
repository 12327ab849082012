import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, refusals } from '../../scripts/lib/cache.cjs';
import { cachedTemporalCli, cliWays } from '../../scripts/lib/temporal-cli.cjs';
import { testServerWays } from '../../scripts/lib/test-server.cjs';
import { firstThatWorks, type Way } from '../../scripts/lib/ways.cjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'daytwo-ways-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none: Way<string> = { name: 'none', get: () => undefined };
const works = (name: string): Way<string> => ({ name, get: () => name });
const refused = (name: string, more: Partial<Way<string>> = {}): Way<string> => ({
  name,
  get: () => Promise.reject(new Error(`${name} was refused`)),
  ...more,
});

test('the first way that works is taken; later ones aren’t tried', async () => {
  const later = jest.fn(() => 'later');
  const ways = [none, refused('a'), works('b'), { name: 'c', get: later }];
  expect(await firstThatWorks('tool', ways, refusals(folder))).toBe('b');
  expect(later).not.toHaveBeenCalled();
});

test('where no way works, each is named with why and what to do', async () => {
  const ways = [
    none,
    refused('a download', { mend: 'allow it' }),
    refused('a compiler', { mend: 'install it' }),
  ];
  await expect(firstThatWorks('The tool', ways, refusals(folder))).rejects.toThrow(
    /The tool[^]*a download was refused[^]*allow it[^]*a compiler was refused[^]*install it/,
  );
});

test('a way that was asked for by name isn’t papered over by the next', async () => {
  const ways = [refused('DAYTWO_TEMPORAL_CLI', { only: true }), works('b')];
  await expect(firstThatWorks('tool', ways, refusals(folder))).rejects.toThrow(
    'DAYTWO_TEMPORAL_CLI was refused',
  );
});

test('a refused download is not waited for again within a day, unless asked', async () => {
  let now = Date.parse('2026-11-23T10:00:00Z');
  const memory = refusals(folder, () => now);
  const download = jest.fn(() => Promise.reject(new Error('refused')));
  const ways = [{ name: 'download', remembered: true, get: download }, works('b')];
  const attempts = async () => {
    await firstThatWorks('tool', ways, memory);
    return download.mock.calls.length;
  };
  expect(await attempts()).toBe(1);
  expect(await attempts()).toBe(1);
  memory.forgetAll();
  expect(await attempts()).toBe(2);
  now += 25 * 60 * 60 * 1000;
  expect(await attempts()).toBe(3);
});

test('a missing compiler is not remembered: installing it helps at once', async () => {
  const compiler = jest.fn(() => Promise.reject(new Error('Go is not installed')));
  const ways = [{ name: 'go install', get: compiler }, works('b')];
  await firstThatWorks('tool', ways, refusals(folder));
  await firstThatWorks('tool', ways, refusals(folder));
  expect(compiler).toHaveBeenCalledTimes(2);
});

test('a spoilt memory of refusals is no refusal', () => {
  writeFileSync(join(folder, 'refused.json'), '{"tool');
  expect(refusals(folder).recent('tool')).toBeUndefined();
});

test('the ways to the tools stand in the order that the documents name', () => {
  expect(cliWays(folder, {}).map(({ name }) => name)).toEqual([
    'DAYTWO_TEMPORAL_CLI',
    '`temporal` on the PATH',
    'the cache',
    "the Temporal SDK's download",
    '`go install`',
  ]);
  expect(testServerWays(folder, {}).map(({ name }) => name)).toEqual([
    'DAYTWO_TEST_SERVER',
    'the cache',
    "the Temporal SDK's download",
    'Maven',
  ]);
});

test('a Temporal CLI on the PATH is found, and a file that can’t run isn’t one', () => {
  const env = { PATH: `/nowhere:${folder}`, DAYTWO_CACHE_DIR: join(folder, 'cache') };
  writeFileSync(join(folder, 'temporal'), '#!/bin/sh\n');
  chmodSync(join(folder, 'temporal'), 0o644);
  expect(cachedTemporalCli(env)).toBeUndefined();
  chmodSync(join(folder, 'temporal'), 0o755);
  expect(cachedTemporalCli(env)).toBe(join(folder, 'temporal'));
});

test.each([
  [{ DAYTWO_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, 'linux', '/c'],
  [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/daytwo'],
  [{}, 'linux', /\/\.cache\/daytwo$/],
  [{}, 'darwin', /\/Library\/Caches\/daytwo$/],
] as const)('the cache lies outside of every clone: %j on %s', (env, platform, wanted) => {
  const dir = cacheDir(env, platform);
  if (typeof wanted === 'string') expect(dir).toBe(wanted);
  else expect(dir).toMatch(wanted);
});
