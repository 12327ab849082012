import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseVariables } from '../../src/up/state';
import { searchAttributes } from '../../src/up/temporal';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
interface Service {
  image: string;
  environment?: Record<string, string>;
  secrets?: string[];
  configs?: { source: string }[];
  depends_on?: Record<string, unknown>;
}
const compose: Record<'secrets' | 'configs', Record<string, unknown>> & {
  services: Record<string, Service>;
} = parse(text, { merge: true });

function validator() {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  // Go's notation of a length of time, which JSON Schema has no name for.
  ajv.addFormat('duration', /^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/);
  ajv.addFormat('ports', true);
  ajv.addFormat('expose', true);
  ajv.addFormat('subnet_ip_address', true);
  return ajv.compile(JSON.parse(readFileSync(join(root, 'test/fixtures/compose-spec.json'), 'utf8')));
}

test('docker-compose.yml is as the Compose specification says', () => {
  const validate = validator();
  validate(compose);
  expect(validate.errors ?? []).toEqual([]);
});

test('the schema refuses what is wrong', () => {
  const validate = validator();
  const spoilt = structuredClone(compose);
  Object.assign(spoilt.services['worker'] ?? {}, { restarts: 'always' });
  expect(validate(spoilt)).toBe(false);
});

test.each(Object.entries(compose.services))('everything that %s refers to is there', (_name, service) => {
  const { depends_on: needs = {}, secrets = [], configs = [], environment = {} } = service;
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(needs)));
  expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets));
  expect(Object.keys(compose.configs)).toEqual(expect.arrayContaining(configs.map(({ source }) => source)));
  const read = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
  expect(read.map((file) => file.replace('/run/secrets/', '')).sort()).toEqual([...secrets].sort());
});

test('every image is pinned to a version', () => {
  for (const { image } of Object.values(compose.services)) {
    expect(image).toMatch(/:(\d+\.\d+[\w.-]*|\$\{DAYTWO_VERSION:-local\})$/);
  }
});

test('a variable that must be set is named in .env.example', () => {
  const known = Object.keys(parseVariables(readFileSync(join(root, '.env.example'), 'utf8')));
  const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
  expect(required.length).toBeGreaterThan(5);
  expect(known).toEqual(expect.arrayContaining(required));
});

test('the namespace gets the same search attributes as the development server', () => {
  const attributes = compose.services['temporal-namespace']?.environment?.['SEARCH_ATTRIBUTES']?.split(/\s+/);
  expect(attributes).toEqual([...searchAttributes]);
});

test('what the Dockerfile copies is there, and is let through by .dockerignore', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
    paths.split(' '),
  );
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  for (const path of copied) {
    expect(existsSync(join(root, path))).toBe(true);
    expect(ignored).toContain(`!${path}`);
  }
});
