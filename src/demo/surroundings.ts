import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handbook } from '../domain/handbook';
import { readHandbook } from '../handbook';
import type { SandboxFile } from '../sandbox/files';
import { readSettings, type CliSettings } from '../settings';
import { GitlabDesk } from '../systems/gitlab';
import { sandboxEnv } from '../up/state';

/** Everything that the demo knows of the world: what any other client pointed at this sandbox would know too. */
export interface Surroundings {
  readonly sandbox: SandboxFile;
  readonly server: string;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly ui: string };
  readonly hrisSecret: string;
  readonly handbook: Handbook;
  readonly settings: CliSettings;
  /** GitLab as this person's own token shows it. */
  readonly as: (username: string) => GitlabDesk;
}

/** @throws if this state has no sandbox, or its server and Temporal aren't named */
export function surroundingsOf(stateDir: string, env: NodeJS.ProcessEnv = process.env): Surroundings {
  const variables = sandboxEnv(stateDir);
  const sandbox = readSandbox(stateDir);
  const { server, temporal } = sandbox;
  if (!server || !temporal)
    throw new Error(`${join(stateDir, 'sandbox.json')} names no server or no Temporal`);
  const settings = readSettings(
    {
      ...variables,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ...env,
      DAYTWO_STATE_DIR: stateDir,
      ...(env['TEMPORAL_ADDRESS'] ? {} : { TEMPORAL_CONFIG_FILE: join(stateDir, 'temporal.toml') }),
    },
    'cli',
  );
  const desks = new Map<string, GitlabDesk>();
  return {
    sandbox,
    server: server.url,
    temporal,
    hrisSecret: variables['HRIS_WEBHOOK_SECRET'] ?? '',
    handbook: readHandbook(settings.configDir),
    settings,
    as: (username) => {
      const known = desks.get(username);
      if (known) return known;
      const user = sandbox.gitlab.users.find((one) => one.username === username);
      if (!user) throw new Error(`the sandbox's GitLab has no user ${username}`);
      const desk = new GitlabDesk({ url: sandbox.gitlab.url, token: user.token });
      desks.set(username, desk);
      return desk;
    },
  };
}

/** Written by the sandbox of this version, on this machine, for its owner only. */
const readSandbox = (stateDir: string): SandboxFile =>
  JSON.parse(readFileSync(join(stateDir, 'sandbox.json'), 'utf8')) as SandboxFile;
