import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { KeyRingError, readKeyRing } from './codec/keys';

/** What a variable is for, and where its value comes from: said whenever it is missing or wrong. */
interface Purpose {
  readonly whatFor: string;
  readonly from: string;
}

const purposes = z.registry<Purpose>();
const FROM_SANDBOX = '`npm start` writes one for the sandbox to .daytwo/sandbox.env';

const text = () => z.string().max(20_000, 'is longer than 20,000 characters');
const address = (protocols: RegExp, kind: string) =>
  text().refine((value) => {
    try {
      return protocols.test(new URL(value).protocol);
    } catch {
      return false;
    }
  }, `isn't ${kind}`);
/** Addresses are joined with paths, so they carry no slash at the end. */
const web = () =>
  address(/^https?:$/, 'an http or https address').transform((value) => value.replace(/\/+$/, ''));
const project = () => text().regex(/^[\w.-]+(\/[\w.-]+)+$/, "isn't a project's path (group/project)");
const webhookSecrets = () =>
  text().refine(
    (value) => value.split(/\s+/).every(isWebhookSecret),
    "isn't a Standard Webhooks secret (whsec_ and base64)",
  );

function isWebhookSecret(secret: string): boolean {
  try {
    new Webhook(secret);
    return true;
  } catch {
    return false;
  }
}

const keyRing = () =>
  text().superRefine((value, context) => {
    try {
      readKeyRing(value);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof KeyRingError ? `is wrong: ${error.message}` : "can't be read",
      });
    }
  });

function variable<S extends z.ZodType>(schema: S, whatFor: string, from: string): S {
  purposes.add(schema, { whatFor, from });
  return schema;
}

const gitlabFrom = 'GitLab, the address of your instance';
const salesforceFrom = 'Salesforce Setup > External Client Apps';

/** Every variable that daytwo reads, besides those of Temporal itself and those of SCIM connections. */
export const variables = z.object({
  NODE_ENV: variable(text().optional(), '`production` refuses missing or sandbox keys', 'your deployment'),
  PORT: variable(
    z
      .string()
      .regex(/^\d{1,5}$/, "isn't a port")
      .transform(Number)
      .refine((port) => port <= 65_535, "isn't a port")
      .default(8080),
    'the port on which webhooks come in',
    'free to choose; 8080 where absent',
  ),
  DAYTWO_HOST: variable(
    text().default('127.0.0.1'),
    'the address that the server listens on',
    'free to choose; 0.0.0.0 in a container',
  ),
  DAYTWO_CONFIG_DIR: variable(text().default('config'), "the handbook's folder", './config where absent'),
  DAYTWO_STATE_DIR: variable(
    text().default('.daytwo'),
    'the folder for what daytwo writes on this machine',
    './.daytwo where absent',
  ),
  DAYTWO_SANDBOX_CLOCK_URL: variable(
    web().optional(),
    'a close follows the clock of the sandbox, so that a month can be played in minutes; production refuses it',
    FROM_SANDBOX,
  ),
  DAYTWO_LOG_LEVEL: variable(
    z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: "isn't a level of the log",
      })
      .default('info'),
    'how much the log says',
    'fatal, error, warn, info (where absent), debug, trace or silent',
  ),
  DATABASE_URL: variable(
    text()
      .regex(/^postgres(ql)?:\/\/\S+$/, "isn't a postgres:// address")
      .optional(),
    'the evidence in PostgreSQL',
    'your database; SQLite below the state folder where absent',
  ),
  DATABASE_OWNER_URL: variable(
    text()
      .regex(/^postgres(ql)?:\/\/\S+$/, "isn't a postgres:// address")
      .optional(),
    'the role that owns the tables and migrates them, so that the one of DATABASE_URL may only add evidence',
    'your database; DATABASE_URL does both where absent',
  ),
  DAYTWO_ENCRYPTION_KEYS: variable(
    keyRing().optional(),
    'seals what Temporal stores; `id:base64` of 32 bytes each, separated by commas, the first one seals, all open',
    `\`echo "$(date +%Y%m):$(openssl rand -base64 32)"\`, kept in your secret store; ${FROM_SANDBOX}`,
  ),
  DAYTWO_UI_ORIGIN: variable(
    text().default('http://127.0.0.1:8233 http://localhost:8233'),
    "where the Temporal UI runs, whose pages may ask daytwo's codec endpoint to open payloads",
    'the origin of your Temporal UI, several separated by spaces',
  ),
  DAYTWO_CODEC_TOKEN: variable(
    text().min(16, 'is shorter than 16 characters').optional(),
    'the bearer token that the codec endpoint asks for; without one, production serves no codec endpoint',
    'free to choose, long and random',
  ),
  GITLAB_URL: variable(
    web().optional(),
    'where access requests are worked',
    `${gitlabFrom}; ${FROM_SANDBOX}`,
  ),
  GITLAB_TOKEN: variable(
    text().optional(),
    "daytwo's own user reads and writes issues with it",
    'GitLab > the bot user > Access tokens, scope `api`',
  ),
  GITLAB_ACCESS_REQUESTS_PROJECT: variable(
    project().optional(),
    'the project that holds access requests',
    'GitLab, `group/project`',
  ),
  GITLAB_EMPLOYMENT_PROJECT: variable(
    project().optional(),
    'the project that holds onboarding issues',
    'GitLab, `group/project`',
  ),
  GITLAB_WEBHOOK_SIGNING_TOKEN: variable(
    webhookSecrets().optional(),
    'proves that a webhook comes from GitLab',
    'GitLab > project > Settings > Webhooks > signing token',
  ),
  GITLAB_WEBHOOK_TOKEN: variable(
    text().optional(),
    'the plain secret token of GitLab webhooks, where the signing token is not to be had',
    'GitLab > project > Settings > Webhooks > secret token',
  ),
  GITLAB_BOT_USERNAME: variable(
    text().optional(),
    "daytwo's own user name, whose changes need no hint",
    'GitLab; looked up with GITLAB_TOKEN where absent',
  ),
  SALESFORCE_LOGIN_URL: variable(
    web().optional(),
    'where daytwo signs in to Salesforce',
    'your My Domain address',
  ),
  SALESFORCE_CLIENT_ID: variable(text().optional(), 'the app that daytwo signs in as', salesforceFrom),
  SALESFORCE_CLIENT_SECRET: variable(text().optional(), 'signing in with client credentials', salesforceFrom),
  SALESFORCE_PRIVATE_KEY: variable(
    text()
      .transform((value) => value.replace(/\\n/g, '\n'))
      .refine((value) => value.includes('PRIVATE KEY-----'), "isn't a private key in PEM form")
      .optional(),
    'signing in with a JWT; usually given as SALESFORCE_PRIVATE_KEY_FILE',
    'the key whose certificate the app in Salesforce holds',
  ),
  SALESFORCE_USERNAME: variable(
    text().optional(),
    'the user that daytwo acts as with a JWT',
    'Salesforce Setup > Users',
  ),
  SALESFORCE_WEBHOOK_SECRET: variable(
    webhookSecrets().optional(),
    'proves that a change event comes from whoever relays those of Salesforce; two secrets, separated by a space, while one is exchanged',
    'the relay, or `openssl rand -base64 32` given to both; without it no change event is taken',
  ),
  OKTA_URL: variable(web().optional(), 'groups that grant applications', 'your Okta domain'),
  OKTA_TOKEN: variable(
    text().optional(),
    'changing group members at the identity provider',
    'Okta > Security > API > Tokens',
  ),
  SMTP_URL: variable(
    address(/^smtps?:$/, 'an smtp:// or smtps:// address').optional(),
    'sending mail',
    'your mail service',
  ),
  SMTP_FROM: variable(
    text()
      .regex(/^[^\s@<>]+@[^\s@<>]+$/, "isn't an e-mail address")
      .default('daytwo@localhost'),
    'the sender of mails',
    'an address that your mail service lets daytwo send from; daytwo@localhost where absent',
  ),
  BILLING_EXPORT: variable(
    text().optional(),
    "billing's export of a period, a file or an http(s) address with {period} for the month; the handbook's billing.yml goes before",
    'your billing system',
  ),
  BILLING_EXPORT_TOKEN: variable(
    text().optional(),
    'reading the export, as a bearer token',
    'your billing system',
  ),
  HRIS_WEBHOOK_SECRET: variable(
    webhookSecrets().optional(),
    'proves that an event comes from the HR system; two secrets, separated by a space, while one is exchanged',
    'the HR system, or `openssl rand -base64 32` given to both',
  ),
});

export type Variables = z.infer<typeof variables>;
export type VariableName = keyof Variables;

const TEMPORAL: Purpose = {
  whatFor: 'reaching Temporal, which runs the workflows',
  from: "your cluster or Temporal Cloud; Temporal's own variables (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS…)",
};

/** What a variable is for and where it comes from. */
export function whatFor(name: string): Purpose {
  const schema = Object.entries(variables.shape).find(([known]) => known === name)?.[1];
  return (schema && purposes.get(schema)) ?? TEMPORAL;
}
