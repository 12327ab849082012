import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSandboxKey, readKeyRing, type KeyRing } from './codec/keys';
import type {
  CliSettings,
  CommonSettings,
  Environment,
  SalesforceSettings,
  ServerSettings,
  SettingsProblem,
  TemporalSettings,
  WorkerSettings,
} from './settings';
import { variables, whatFor, type VariableName, type Variables } from './variables';

/** A variable's value, or what the file of `X_FILE` holds; an empty one of either is absent. @throws if that file can't be read */
export function valueOf(env: Environment, name: string): string | undefined {
  const direct = env[name]?.trim();
  if (direct) return direct;
  const file = env[`${name}_FILE`]?.trim();
  return file ? readFileSync(file, 'utf8').trim() || undefined : undefined;
}

/** One reading of the environment: collects problems, so that all of them are told at once. */
export class Reading {
  readonly problems: SettingsProblem[] = [];
  readonly #values: Variables;
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
    const given: Record<string, string> = {};
    for (const name of Object.keys(variables.shape)) {
      const value = this.#given(name);
      if (value !== undefined) given[name] = value;
    }
    const parsed = variables.safeParse(given);
    if (parsed.success) {
      this.#values = parsed.data;
      return;
    }
    const wrong = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
    for (const issue of parsed.error.issues) this.#report(String(issue.path[0]), issue.message);
    const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
    this.#values = variables.parse(rest);
  }

  common(): CommonSettings {
    const v = this.#values;
    const production = v.NODE_ENV === 'production';
    return {
      production,
      configDir: resolve(v.DAYTWO_CONFIG_DIR),
      stateDir: resolve(v.DAYTWO_STATE_DIR),
      databaseUrl: v.DATABASE_URL ?? null,
      databaseOwnerUrl: v.DATABASE_OWNER_URL ?? null,
      keys: this.#keys(production),
      logLevel: v.DAYTWO_LOG_LEVEL,
      temporal: this.#temporal(),
    };
  }

  worker(): Omit<WorkerSettings, keyof CommonSettings> {
    const v = this.#values;
    if ((v.OKTA_URL === undefined) !== (v.OKTA_TOKEN === undefined))
      this.#report(
        v.OKTA_URL === undefined ? 'OKTA_URL' : 'OKTA_TOKEN',
        'is missing, though the other of the two is set',
      );
    if (v.DAYTWO_SANDBOX_CLOCK_URL !== undefined && v.NODE_ENV === 'production')
      this.#report('DAYTWO_SANDBOX_CLOCK_URL', 'is set, which production refuses');
    return {
      clockUrl: v.DAYTWO_SANDBOX_CLOCK_URL ?? null,
      gitlab: {
        url: this.#needed('GITLAB_URL'),
        token: this.#needed('GITLAB_TOKEN'),
        accessRequestsProject: this.#needed('GITLAB_ACCESS_REQUESTS_PROJECT'),
        employmentProject: this.#needed('GITLAB_EMPLOYMENT_PROJECT'),
      },
      salesforce: this.#salesforce(),
      okta:
        v.OKTA_URL !== undefined && v.OKTA_TOKEN !== undefined
          ? { url: v.OKTA_URL, token: v.OKTA_TOKEN }
          : null,
      billing: { from: v.BILLING_EXPORT ?? null, token: v.BILLING_EXPORT_TOKEN ?? null },
      mail: v.SMTP_URL === undefined ? null : { url: v.SMTP_URL, from: v.SMTP_FROM },
    };
  }

  server(): Omit<ServerSettings, keyof CommonSettings> {
    const v = this.#values;
    if (v.GITLAB_WEBHOOK_SIGNING_TOKEN === undefined && v.GITLAB_WEBHOOK_TOKEN === undefined)
      this.#report('GITLAB_WEBHOOK_SIGNING_TOKEN', 'is missing (or GITLAB_WEBHOOK_TOKEN, the older way)');
    return {
      host: v.DAYTWO_HOST,
      port: v.PORT,
      gitlab: {
        accessRequestsProject: this.#needed('GITLAB_ACCESS_REQUESTS_PROJECT'),
        employmentProject: this.#needed('GITLAB_EMPLOYMENT_PROJECT'),
        signingToken: v.GITLAB_WEBHOOK_SIGNING_TOKEN ?? null,
        plainToken: v.GITLAB_WEBHOOK_TOKEN ?? null,
        botUsername: v.GITLAB_BOT_USERNAME ?? null,
      },
      hrisSecrets: this.#needed('HRIS_WEBHOOK_SECRET').split(/\s+/),
      salesforceSecrets: v.SALESFORCE_WEBHOOK_SECRET?.split(/\s+/) ?? [],
      codec: { origins: v.DAYTWO_UI_ORIGIN.split(/[\s,]+/), token: v.DAYTWO_CODEC_TOKEN ?? null },
    };
  }

  cli(): Omit<CliSettings, keyof CommonSettings> {
    const v = this.#values;
    return {
      gitlab: {
        url: v.GITLAB_URL ?? null,
        token: v.GITLAB_TOKEN ?? null,
        accessRequestsProject: v.GITLAB_ACCESS_REQUESTS_PROJECT ?? null,
        employmentProject: v.GITLAB_EMPLOYMENT_PROJECT ?? null,
      },
    };
  }

  #salesforce(): SalesforceSettings {
    const v = this.#values;
    const loginUrl = this.#needed('SALESFORCE_LOGIN_URL');
    const clientId = this.#needed('SALESFORCE_CLIENT_ID');
    if (v.SALESFORCE_PRIVATE_KEY !== undefined) {
      const credential = {
        kind: 'jwt',
        privateKey: v.SALESFORCE_PRIVATE_KEY,
        username: this.#needed('SALESFORCE_USERNAME'),
      } as const;
      return { loginUrl, clientId, credential };
    }
    if (v.SALESFORCE_CLIENT_SECRET === undefined && !this.#hasProblem('SALESFORCE_PRIVATE_KEY'))
      this.#report('SALESFORCE_PRIVATE_KEY_FILE', 'is missing (or SALESFORCE_CLIENT_SECRET)');
    return {
      loginUrl,
      clientId,
      credential: { kind: 'client-credentials', clientSecret: v.SALESFORCE_CLIENT_SECRET ?? '' },
    };
  }

  #keys(production: boolean): KeyRing {
    const text = this.#values.DAYTWO_ENCRYPTION_KEYS;
    if (text === undefined) {
      if (production) this.#missing('DAYTWO_ENCRYPTION_KEYS');
      return [];
    }
    const keys = readKeyRing(text); // the schema has read it once already
    const sandbox = keys.filter(isSandboxKey).map((key) => key.id);
    if (production && sandbox.length > 0)
      this.#report(
        'DAYTWO_ENCRYPTION_KEYS',
        `holds the sandbox's key (${sandbox.join(', ')}), which production refuses`,
      );
    return keys;
  }

  #temporal(): TemporalSettings {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#env))
      if (value !== undefined && value !== '') env[name] = value;
    const apiKey = this.#given('TEMPORAL_API_KEY');
    if (apiKey !== undefined) env['TEMPORAL_API_KEY'] = apiKey;
    try {
      const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: env });
      const given = Object.entries(connectionOptions).filter(([, value]) => value !== undefined);
      return { connectionOptions: Object.fromEntries(given), namespace: namespace ?? 'default' };
    } catch {
      this.#report(
        'TEMPORAL_ADDRESS',
        "or another of Temporal's own variables, or its configuration file, can't be read",
      );
      return { connectionOptions: {}, namespace: 'default' };
    }
  }

  #given(name: string): string | undefined {
    try {
      return valueOf(this.#env, name);
    } catch {
      this.#report(`${name}_FILE`, "names a file that can't be read");
      return undefined;
    }
  }

  #needed(name: VariableName): string {
    const value = this.#values[name];
    if (value !== undefined) return String(value);
    this.#missing(name);
    return '';
  }

  #missing(name: VariableName): void {
    if (!this.#hasProblem(name)) this.#report(name, 'is missing');
  }

  #hasProblem(name: string): boolean {
    return this.problems.some((known) => known.variable === name || known.variable === `${name}_FILE`);
  }

  #report(variable: string, problem: string): void {
    this.problems.push({ variable, problem, ...whatFor(variable.replace(/_FILE$/, '')) });
  }
}
