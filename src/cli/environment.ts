import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseVariables } from '../up/state';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment as the command reads it. Beside a sandbox (`npm start`), what is missing comes from the files that it
 * writes, so that `npx daytwo list` in a clone works by itself. Never in production, and never where the environment
 * names another Temporal or another GitLab than the sandbox's: one world's keys must not seal what another one reads.
 */
export function commandEnvironment(env: Env): Env {
  if (env['NODE_ENV'] === 'production') return env;
  const stateDir = resolve(env['DAYTWO_STATE_DIR'] || '.daytwo');
  const sandbox = sandboxVariables(stateDir);
  const another = ['TEMPORAL_ADDRESS', 'GITLAB_URL'].some(
    (name) => env[name] && sandbox[name] && env[name] !== sandbox[name],
  );
  if (another) return env;
  const given = Object.entries(env).filter(([name, value]) => value || sandbox[name] === undefined);
  const fromFiles = Object.keys(sandbox).filter((name) => env[`${name}_FILE`]);
  return { ...without(sandbox, fromFiles), ...Object.fromEntries(given) };
}

function sandboxVariables(stateDir: string): Readonly<Record<string, string>> {
  const variables = join(stateDir, 'sandbox.env');
  if (!existsSync(variables)) return {};
  const profile = join(stateDir, 'temporal.toml');
  return {
    ...parseVariables(readFileSync(variables, 'utf8')),
    ...temporalOf(join(stateDir, 'sandbox.json')),
    // The one in the user's home may name another cluster, and its certificates.
    ...(existsSync(profile) ? { TEMPORAL_CONFIG_FILE: profile } : {}),
  };
}

/** Where Temporal is, as `sandbox.json` says it while daytwo is up. */
function temporalOf(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const known: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const temporal: unknown =
    typeof known === 'object' && known !== null ? Reflect.get(known, 'temporal') : undefined;
  if (typeof temporal !== 'object' || temporal === null) return {};
  const names = { address: 'TEMPORAL_ADDRESS', namespace: 'TEMPORAL_NAMESPACE', ui: 'DAYTWO_TEMPORAL_UI' };
  const found: Record<string, string> = {};
  for (const [key, name] of Object.entries(names)) {
    const value: unknown = Reflect.get(temporal, key);
    if (typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}

const without = (
  variables: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
