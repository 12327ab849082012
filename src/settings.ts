import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { KeyRing } from './codec/keys';
import { Reading, valueOf } from './settings-reading';

export type Part = 'worker' | 'server' | 'cli';
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every part needs. */
export interface CommonSettings {
  readonly production: boolean;
  /** Absolute path of the handbook's folder. */
  readonly configDir: string;
  /** Absolute path of the folder for everything that daytwo writes on this machine. */
  readonly stateDir: string;
  /** PostgreSQL for the evidence; null means SQLite below `stateDir`. */
  readonly databaseUrl: string | null;
  /** The role that owns the tables, where it isn't the one that works with them. */
  readonly databaseOwnerUrl: string | null;
  readonly keys: KeyRing;
  readonly logLevel: string;
  readonly temporal: TemporalSettings;
}

export interface TemporalSettings {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
}

export interface GitLabSettings {
  readonly url: string;
  readonly token: string;
  /** Path (`group/project`) or number, as configured. */
  readonly accessRequestsProject: string;
  readonly employmentProject: string;
}

export interface SalesforceSettings {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly credential:
    | { readonly kind: 'jwt'; readonly privateKey: string; readonly username: string }
    | { readonly kind: 'client-credentials'; readonly clientSecret: string };
}

export interface WorkerSettings extends CommonSettings {
  readonly gitlab: GitLabSettings;
  readonly salesforce: SalesforceSettings;
  /** Null where no system is granted through a group of the identity provider. */
  readonly okta: { readonly url: string; readonly token: string } | null;
  /** Address of the sandbox's clock; null where time is time. */
  readonly clockUrl: string | null;
  /** Where billing's export of a period is, unless the handbook says it. */
  readonly billing: { readonly from: string | null; readonly token: string | null };
  /** Null where no mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | null;
}

export interface ServerSettings extends CommonSettings {
  readonly host: string;
  readonly port: number;
  readonly gitlab: {
    readonly accessRequestsProject: string;
    readonly employmentProject: string;
    readonly signingToken: string | null;
    readonly plainToken: string | null;
    /** daytwo's own user, whose changes need no hint; null where it isn't configured. */
    readonly botUsername: string | null;
  };
  /** Secrets of the HR system's signature; several while one is exchanged for another. */
  readonly hrisSecrets: readonly string[];
  /** The same of whoever relays Salesforce's change events; none: no event is taken. */
  readonly salesforceSecrets: readonly string[];
  readonly codec: { readonly origins: readonly string[]; readonly token: string | null };
}

export interface CliSettings extends CommonSettings {
  readonly gitlab: { readonly [K in keyof GitLabSettings]: string | null };
}

export interface SettingsOf {
  worker: WorkerSettings;
  server: ServerSettings;
  cli: CliSettings;
}

export interface SettingsProblem {
  readonly variable: string;
  readonly problem: string;
  readonly whatFor: string;
  readonly from: string;
}

/** Every missing or wrong variable at once, each with its purpose. Never a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(
    part: string,
    readonly problems: readonly SettingsProblem[],
  ) {
    const lines = problems.map(
      (p) => `  ${p.variable} ${p.problem}\n      what for:   ${p.whatFor}\n      where from: ${p.from}`,
    );
    super(`The settings of the ${part} need attention (${problems.length}):\n${lines.join('\n')}`);
  }
}

/**
 * Reads and checks all variables that a part needs. `X_FILE` gives the value of `X` from a file; an empty variable counts as absent.
 * @throws SettingsError that lists every problem
 */
export function readSettings<P extends Part>(env: Environment, part: P): SettingsOf[P] {
  const reading = new Reading(env);
  const common = reading.common();
  const own: { [K in Part]: () => Omit<SettingsOf[K], keyof CommonSettings> } = {
    worker: () => reading.worker(),
    server: () => reading.server(),
    cli: () => reading.cli(),
  };
  const settings = { ...common, ...own[part]() };
  if (reading.problems.length > 0) throw new SettingsError(part, reading.problems);
  return settings as SettingsOf[P]; // each key of `own` gives what its part's type asks for
}

/** What both `Connection.connect` and `NativeConnection.connect` take, and the namespace. */
export function connectTemporal(settings: CommonSettings): TemporalSettings {
  return settings.temporal;
}

/**
 * Address and token of a SCIM connection that the handbook names, such as `RINGLEAD` for `RINGLEAD_SCIM_URL`.
 * @throws SettingsError if one is missing or wrong
 */
export function scimSettings(env: Environment, connection: string): { url: string; token: string } {
  const names = { url: `${connection}_SCIM_URL`, token: `${connection}_SCIM_TOKEN` };
  const problems: SettingsProblem[] = [];
  const about = {
    whatFor: `config/systems.yml grants access over the SCIM connection ${connection}`,
    from: "the vendor's page for automatic provisioning (SCIM)",
  };
  const read = (variable: string): string => {
    try {
      const value = valueOf(env, variable);
      if (value === undefined) problems.push({ variable, problem: 'is missing', ...about });
      return value ?? '';
    } catch {
      problems.push({ variable: `${variable}_FILE`, problem: "names a file that can't be read", ...about });
      return '';
    }
  };
  const found = { url: read(names.url), token: read(names.token) };
  if (found.url && !/^https?:\/\/\S+$/.test(found.url))
    problems.push({ variable: names.url, problem: "isn't an http or https address", ...about });
  if (problems.length > 0) throw new SettingsError(`SCIM connection ${connection}`, problems);
  return { url: found.url.replace(/\/+$/, ''), token: found.token };
}
