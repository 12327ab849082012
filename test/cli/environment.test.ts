import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandEnvironment } from '../../src/cli/environment';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-environment-'));
  writeFileSync(
    join(dir, 'sandbox.env'),
    'GITLAB_URL=http://127.0.0.1:1000\nGITLAB_TOKEN=sandbox\nDAYTWO_ENCRYPTION_KEYS=k\n',
  );
  writeFileSync(
    join(dir, 'sandbox.json'),
    JSON.stringify({ temporal: { address: '127.0.0.1:7234', namespace: 'default', ui: '' } }),
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

const env = (given: Record<string, string> = {}) => commandEnvironment({ DAYTWO_STATE_DIR: dir, ...given });

test('beside a sandbox, what is missing comes from its files', () => {
  expect(env({ GITLAB_TOKEN: 'own', DAYTWO_ENCRYPTION_KEYS: '' })).toMatchObject({
    GITLAB_URL: 'http://127.0.0.1:1000',
    GITLAB_TOKEN: 'own',
    DAYTWO_ENCRYPTION_KEYS: 'k',
    TEMPORAL_ADDRESS: '127.0.0.1:7234',
  });
});

test('a value that is given as a file counts as given', () => {
  expect(env({ GITLAB_TOKEN_FILE: '/run/secrets/token' })).not.toHaveProperty('GITLAB_TOKEN');
});

test.each([
  { NODE_ENV: 'production' },
  { TEMPORAL_ADDRESS: 'cluster.example:7233' },
  { GITLAB_URL: 'https://gitlab.example' },
])('nothing of the sandbox is taken with %p', (given) => {
  expect(env(given)).toEqual({ DAYTWO_STATE_DIR: dir, ...given });
});

test('Temporal is asked as this state was started, whatever stands in the user’s home', () => {
  writeFileSync(join(dir, 'temporal.toml'), '[profile.default]\n');
  expect(env()).toMatchObject({ TEMPORAL_CONFIG_FILE: join(dir, 'temporal.toml') });
});

test('without a sandbox the environment stays as it is', () => {
  const given = { DAYTWO_STATE_DIR: join(dir, 'none'), GITLAB_URL: 'x' };
  expect(commandEnvironment(given)).toEqual(given);
});
