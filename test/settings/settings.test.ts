import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, scimSettings, SettingsError, type Environment, type Part } from '../../src/settings';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
const complete: Environment = {
  GITLAB_URL: 'https://gitlab.example.com/',
  GITLAB_TOKEN: 'glpat-very-secret',
  GITLAB_ACCESS_REQUESTS_PROJECT: 'acme/access-requests',
  GITLAB_EMPLOYMENT_PROJECT: 'people/employment',
  GITLAB_WEBHOOK_SIGNING_TOKEN: webhookSecret,
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  SALESFORCE_CLIENT_ID: 'client',
  SALESFORCE_CLIENT_SECRET: 'client-secret',
  HRIS_WEBHOOK_SECRET: webhookSecret,
  DAYTWO_ENCRYPTION_KEYS: key('2026-11'),
};

function problems(env: Environment, part: Part): SettingsError {
  try {
    readSettings(env, part);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-settings-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a complete environment gives each part what it needs', () => {
  const worker = readSettings(complete, 'worker');
  expect(worker.gitlab).toEqual({
    url: 'https://gitlab.example.com',
    token: 'glpat-very-secret',
    accessRequestsProject: 'acme/access-requests',
    employmentProject: 'people/employment',
  });
  expect(worker.salesforce.credential).toEqual({ kind: 'client-credentials', clientSecret: 'client-secret' });
  expect(worker.okta).toBeNull();
  expect(worker.mail).toBeNull();
  const mail = { SMTP_URL: 'smtp://mail.acme.example', SMTP_FROM: 'sales-ops@acme.example' };
  expect(readSettings({ ...complete, ...mail }, 'worker').mail).toEqual({
    url: 'smtp://mail.acme.example',
    from: 'sales-ops@acme.example',
  });
  const server = readSettings(
    { ...complete, PORT: '0', HRIS_WEBHOOK_SECRET: `${webhookSecret} ${webhookSecret}` },
    'server',
  );
  expect(server.port).toBe(0);
  expect(server.hrisSecrets).toHaveLength(2);
  expect(server.codec.origins).toEqual(['http://127.0.0.1:8233', 'http://localhost:8233']);
});

test('the command needs nothing, and finds the usual places', () => {
  const cli = readSettings({}, 'cli');
  expect(cli.stateDir).toBe(join(process.cwd(), '.daytwo'));
  expect(cli.configDir).toBe(join(process.cwd(), 'config'));
  expect(cli.databaseUrl).toBeNull();
  expect(cli.production).toBe(false);
});

test('every missing variable is named at once, with what it is for and where it comes from', () => {
  const error = problems({}, 'worker');
  expect(error.problems.map((p) => p.variable)).toEqual([
    'GITLAB_URL',
    'GITLAB_TOKEN',
    'GITLAB_ACCESS_REQUESTS_PROJECT',
    'GITLAB_EMPLOYMENT_PROJECT',
    'SALESFORCE_LOGIN_URL',
    'SALESFORCE_CLIENT_ID',
    'SALESFORCE_PRIVATE_KEY_FILE',
  ]);
  for (const p of error.problems) {
    expect(p.whatFor).not.toContain('Temporal');
    expect(error.message).toContain(p.whatFor);
    expect(error.message).toContain(p.from);
  }
  expect(problems({}, 'server').problems.map((p) => p.variable)).toEqual([
    'GITLAB_WEBHOOK_SIGNING_TOKEN',
    'GITLAB_ACCESS_REQUESTS_PROJECT',
    'GITLAB_EMPLOYMENT_PROJECT',
    'HRIS_WEBHOOK_SECRET',
  ]);
});

test.each([
  ['PORT', '99999'],
  ['PORT', 'eighty'],
  ['GITLAB_URL', 'gitlab.example.com-secret'],
  ['GITLAB_ACCESS_REQUESTS_PROJECT', 'not a project-secret'],
  ['GITLAB_EMPLOYMENT_PROJECT', '42'],
  ['DATABASE_URL', 'mysql://root:secret@db/x'],
  ['DAYTWO_ENCRYPTION_KEYS', 'id:secret'],
  ['HRIS_WEBHOOK_SECRET', '%%secret%%'],
  ['SALESFORCE_PRIVATE_KEY', 'secret'],
  ['DAYTWO_LOG_LEVEL', 'secret'],
  ['DAYTWO_CODEC_TOKEN', 'secret'],
])('a wrong %s is named once, and never quoted', (name, value) => {
  for (const part of ['worker', 'server', 'cli'] as const) {
    const error = problems({ ...complete, [name]: value }, part);
    expect(error.problems.map((p) => p.variable)).toEqual([name]);
    expect(error.message.replaceAll('your secret store', '')).not.toMatch(
      /=.*secret|'secret|%%secret|-secret/,
    );
  }
});

test('an empty variable counts as absent', () => {
  expect(problems({ ...complete, GITLAB_TOKEN: ' ' }, 'worker').problems.map((p) => p.variable)).toEqual([
    'GITLAB_TOKEN',
  ]);
});

test('a value may stand in a file, and a file that cannot be read is named', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const file = join(dir, 'key.pem');
  writeFileSync(file, pem);
  const env = { ...complete, SALESFORCE_PRIVATE_KEY_FILE: file, SALESFORCE_USERNAME: 'bot@acme.example' };
  expect(readSettings(env, 'worker').salesforce.credential).toEqual({
    kind: 'jwt',
    privateKey: pem.trim(),
    username: 'bot@acme.example',
  });
  const missing = { ...env, SALESFORCE_CLIENT_SECRET: '', SALESFORCE_PRIVATE_KEY_FILE: join(dir, 'none') };
  expect(problems(missing, 'worker').problems.map((p) => p.variable)).toEqual([
    'SALESFORCE_PRIVATE_KEY_FILE',
  ]);
});

test('an empty file counts as absent, as an empty variable does', () => {
  const file = join(dir, 'empty');
  writeFileSync(file, '\n');
  expect(readSettings({ ...complete, OKTA_TOKEN_FILE: file }, 'worker').okta).toBeNull();
  expect(readSettings({ ...complete, DAYTWO_CODEC_TOKEN_FILE: file }, 'server').codec.token).toBeNull();
  expect(() => scimSettings({ X_SCIM_URL: 'https://scim.example', X_SCIM_TOKEN_FILE: file }, 'X')).toThrow(
    /X_SCIM_TOKEN is missing/,
  );
});

test('the identity provider is given whole or not at all', () => {
  expect(
    problems({ ...complete, OKTA_URL: 'https://acme.okta.com' }, 'worker').problems.map((p) => p.variable),
  ).toEqual(['OKTA_TOKEN']);
});

describe('production', () => {
  const production = { ...complete, NODE_ENV: 'production' };
  test('starts with keys of its own', () => {
    expect(readSettings(production, 'worker').keys.map((k) => k.id)).toEqual(['2026-11']);
  });
  test.each(['worker', 'server', 'cli'] as const)('refuses to start the %s without keys', (part) => {
    const error = problems({ ...production, DAYTWO_ENCRYPTION_KEYS: '' }, part);
    expect(error.problems.map((p) => p.variable)).toEqual(['DAYTWO_ENCRYPTION_KEYS']);
  });
  test('refuses the sandbox’s keys, wherever they stand in the list', () => {
    const error = problems(
      { ...production, DAYTWO_ENCRYPTION_KEYS: `${key('a')},${key('sandbox-1')}` },
      'worker',
    );
    expect(error.message).toContain('sandbox-1');
  });
});

describe('Temporal', () => {
  test('is found as its own tools find it', () => {
    const env = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'sales-ops' };
    expect(readSettings(env, 'cli').temporal).toMatchObject({
      connectionOptions: { address: 'temporal.example:7233' },
      namespace: 'sales-ops',
    });
  });
  test('takes its API key from a file as well', () => {
    writeFileSync(join(dir, 'key'), 'cloud-key\n');
    const env = { TEMPORAL_ADDRESS: 'x.tmprl.cloud:7233', TEMPORAL_API_KEY_FILE: join(dir, 'key') };
    expect(readSettings(env, 'cli').temporal.connectionOptions).toMatchObject({
      apiKey: 'cloud-key',
      tls: true,
    });
  });
  test('a broken configuration file is named', () => {
    writeFileSync(join(dir, 'temporal.toml'), 'not [ toml');
    const error = problems({ TEMPORAL_CONFIG_FILE: join(dir, 'temporal.toml') }, 'cli');
    expect(error.problems.map((p) => p.variable)).toEqual(['TEMPORAL_ADDRESS']);
  });
});

describe('a SCIM connection', () => {
  test('is read by its name', () => {
    const env = { RINGLEAD_SCIM_URL: 'https://scim.example/v2/', RINGLEAD_SCIM_TOKEN: 't' };
    expect(scimSettings(env, 'RINGLEAD')).toEqual({ url: 'https://scim.example/v2', token: 't' });
  });
  test('that is missing or wrong is named whole', () => {
    expect(() => scimSettings({ RINGLEAD_SCIM_URL: 'ftp://x' }, 'RINGLEAD')).toThrow(
      /RINGLEAD_SCIM_TOKEN is missing[\s\S]*RINGLEAD_SCIM_URL isn't an http/,
    );
  });
});
