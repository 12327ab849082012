import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import type { Handbook } from '../domain/handbook';
import { controlApp } from './control';
import { writeSandboxFiles, type SandboxFile } from './files';
import { ACCESS_REQUESTS, BOT, EMPLOYMENT, mountGitlab, type Gitlab } from './gitlab';
import { listen } from './http';
import { listenSmtp, mailboxApp } from './mailbox';
import { importPeople, mountOkta, oktaToken } from './okta';
import { ChangeEvents } from './salesforce/change-events';
import { mountSalesforce, salesforceCredentials } from './salesforce';
import { VERSIONS } from './salesforce/rest/versions';
import { mountScim } from './scim';
import { secret, webhookSecret } from './secrets';
import { World } from './world';

export type { SandboxFile } from './files';

export interface SandboxOptions {
  /** Where its state and its two files lie. */
  readonly stateDir: string;
  readonly handbook: Handbook;
  /** `usual`: the well-known ports or the next free ones; `any`: whatever is free. Those of the last run come first. */
  readonly ports?: 'usual' | 'any';
  /** The product's server, where it is known already: webhooks go there. */
  readonly serverUrl?: string;
  /** Whether the handbook's issue templates stand in the project from the start, for people to pick. */
  readonly publishTemplates?: boolean;
  readonly log?: (line: string) => void;
}

/** Parts of the product that the files name once they run. */
export interface Connection {
  readonly server?: { readonly url: string };
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly ui: string };
}

/** GitLab, Salesforce, SCIM, Okta and a mailbox, running on this machine. */
export interface Sandbox {
  readonly files: SandboxFile;
  readonly world: World;
  /** Names the product's server or Temporal in `sandbox.json`; a server's webhook is registered in GitLab. */
  connect(part: Connection): void;
  stop(): Promise<void>;
}

const USUAL = {
  gitlab: 8929,
  salesforce: 8930,
  scim: 8931,
  okta: 8932,
  mailbox: 8025,
  smtp: 1025,
  control: 8934,
} as const;
type PartName = keyof typeof USUAL;
type Web = Exclude<PartName, 'smtp'>;
const WEB: readonly Web[] = ['gitlab', 'salesforce', 'scim', 'okta', 'mailbox', 'control'];

/** Tables that a reset keeps: secrets, ports and addresses, so that whoever was pointed here stays pointed here. */
const KEPT = [
  'secret',
  'setting',
  'ports',
  'connection',
  'scim-token',
  'okta-setting',
  'sf-credentials',
  'sf-certificate',
] as const;

/** Starts every system of the sandbox and writes `sandbox.json` and `sandbox.env`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const running = new RunningSandbox(options);
  await running.start();
  if (options.serverUrl !== undefined) running.connect({ server: { url: options.serverUrl } });
  return running;
}

interface Mounted {
  readonly listeners: Readonly<Record<Web, RequestListener>>;
  readonly gitlab: Gitlab;
  readonly scim: ReturnType<typeof mountScim>['systems'];
}

class RunningSandbox implements Sandbox {
  readonly world: World;
  readonly #options: SandboxOptions;
  readonly #servers: Server[] = [];
  readonly #urls = new Map<PartName, string>();
  /** To the product's server, once it is known. */
  readonly #changes = new ChangeEvents(() => {
    const server = this.world.table<Connection>('connection').get('product')?.server;
    return server ? { url: `${server.url}/hooks/salesforce`, secret: this.#secrets().salesforce } : null;
  });
  #mounted: Mounted;
  #stopSmtp: () => Promise<void> = () => Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.world = World.open(options.stateDir);
    this.#mounted = this.#mount();
  }

  get files(): SandboxFile {
    const salesforce = salesforceCredentials(this.world);
    const connection = this.world.table<Connection>('connection').get('product') ?? {};
    const url = (part: PartName): string => this.#urls.get(part) ?? '';
    return {
      gitlab: {
        url: url('gitlab'),
        accessRequestsProject: ACCESS_REQUESTS,
        employmentProject: EMPLOYMENT,
        users: this.#mounted.gitlab.site.rows.users
          .values()
          .map(({ username, name, email, title, token, groups }) => ({
            username,
            name,
            email,
            title,
            token,
            groups,
          })),
      },
      salesforce: {
        loginUrl: url('salesforce'),
        instanceUrl: url('salesforce'),
        clientId: salesforce.clientId,
        clientSecret: salesforce.clientSecret,
        username: salesforce.username,
        apiVersion: VERSIONS.at(-1)?.version ?? '',
      },
      scim: this.#mounted.scim.map(({ system, path, token }) => ({
        system,
        url: `${url('scim')}${path}`,
        token,
      })),
      okta: { url: url('okta'), token: oktaToken(this.world) },
      mailbox: { url: url('mailbox'), smtp: url('smtp') },
      control: { url: url('control') },
      ...connection,
    };
  }

  connect(part: Connection): void {
    const connections = this.world.table<Connection>('connection');
    connections.put('product', { ...connections.get('product'), ...part });
    this.#registerWebhook();
    this.#writeFiles();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async start(): Promise<void> {
    const ports = this.world.table<number>('ports');
    const wanted = (part: PartName): number =>
      ports.get(part) ?? (this.#options.ports === 'any' ? 0 : USUAL[part]);
    try {
      for (const part of WEB) {
        // One after another, so that two parts that look for the next free port don't meet; the app may change under the listener at a reset.
        const { server, port, url } = await listen(
          (req, res) => this.#mounted.listeners[part](req, res),
          wanted(part),
        );
        this.#servers.push(server);
        this.#urls.set(part, url);
        ports.put(part, port);
      }
      const smtp = await listenSmtp(this.world, wanted('smtp'));
      this.#stopSmtp = smtp.stop;
      this.#urls.set('smtp', `smtp://127.0.0.1:${smtp.port}`);
      ports.put('smtp', smtp.port);
      this.#settle();
    } catch (error) {
      await this.stop();
      throw error;
    }
    for (const part of WEB) this.#options.log?.(`${part.padEnd(10)} ${this.#urls.get(part) ?? ''}`);
  }

  /** What needs the addresses: the links of the pages, the webhook, the files. */
  #settle(): void {
    const addresses = { gitlab: this.#urls.get('gitlab') ?? '', mailbox: this.#urls.get('mailbox') ?? '' };
    this.world.table('setting').put('addresses', addresses);
    this.#registerWebhook();
    this.world.commit();
    this.#writeFiles();
  }

  #mount(): Mounted {
    const { handbook, publishTemplates = false } = this.#options;
    const scim = mountScim(this.world, handbook);
    const gitlab = mountGitlab(this.world, handbook, {
      url: () => this.#urls.get('gitlab') ?? '',
      publishTemplates,
      onDescription: (issue, project) => {
        if (project.path === EMPLOYMENT) this.#importPeople(issue.description ?? '');
      },
    });
    return {
      gitlab,
      scim: scim.systems,
      listeners: {
        gitlab: gitlab.app,
        salesforce: mountSalesforce(this.world, handbook, this.#changes),
        scim: scim.app,
        okta: mountOkta(this.world, handbook),
        mailbox: mailboxApp(this.world),
        control: controlApp(this.world, () => this.#reset()),
      },
    };
  }

  /** IT makes an account at the identity provider for everybody whom an onboarding issue names. */
  #importPeople(description: string): void {
    // Markdown escapes an address with backslashes and joiners of no width; the address is what a reader sees.
    const shown = description.replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(/[\u200b\u2060]/g, '');
    const found = shown.match(/[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g) ?? [];
    const emails = [...new Set(found.map((email) => email.toLowerCase()))];
    if (emails.length > 0)
      importPeople(
        this.world,
        emails.map((email) => ({ email })),
      );
  }

  #reset(): void {
    const kept = KEPT.map((name) => [name, this.world.entries(name)] as const);
    const logged = this.world.table<number>('sequence').get('log') ?? 0;
    this.#mounted.gitlab.stop();
    this.#changes.stop();
    this.world.clear();
    for (const [name, rows] of kept) for (const [id, row] of rows) this.world.table(name).put(id, row);
    // Whoever reads the log from a number on must not see numbers again.
    this.world.table<number>('sequence').put('log', logged);
    this.#mounted = this.#mount();
    this.#settle();
  }

  #registerWebhook(): void {
    const server = this.world.table<Connection>('connection').get('product')?.server;
    if (server)
      this.#mounted.gitlab.registerWebhook(`${server.url}/hooks/gitlab`, this.#secrets().signingToken);
  }

  #secrets() {
    return {
      signingToken: secret(this.world, 'gitlab-webhook-signing', webhookSecret),
      hris: secret(this.world, 'hris-webhook', webhookSecret),
      salesforce: secret(this.world, 'salesforce-webhook', webhookSecret),
      encryption: secret(
        this.world,
        'encryption-key',
        () => `sandbox-1:${randomBytes(32).toString('base64')}`,
      ),
    };
  }

  #writeFiles(): void {
    const secrets = this.#secrets();
    this.world.commit();
    const { files } = this;
    const scim = this.#mounted.scim.flatMap(({ connection, path, token }) => [
      [`${connection}_SCIM_URL`, `${this.#urls.get('scim') ?? ''}${path}`] as const,
      [`${connection}_SCIM_TOKEN`, token] as const,
    ]);
    writeSandboxFiles(this.#options.stateDir, files, {
      GITLAB_URL: files.gitlab.url,
      GITLAB_TOKEN: files.gitlab.users.find((user) => user.username === BOT)?.token ?? '',
      GITLAB_ACCESS_REQUESTS_PROJECT: ACCESS_REQUESTS,
      GITLAB_EMPLOYMENT_PROJECT: EMPLOYMENT,
      GITLAB_WEBHOOK_SIGNING_TOKEN: secrets.signingToken,
      SALESFORCE_LOGIN_URL: files.salesforce.loginUrl,
      SALESFORCE_CLIENT_ID: files.salesforce.clientId,
      SALESFORCE_CLIENT_SECRET: files.salesforce.clientSecret,
      SALESFORCE_USERNAME: files.salesforce.username,
      HRIS_WEBHOOK_SECRET: secrets.hris,
      SALESFORCE_WEBHOOK_SECRET: secrets.salesforce,
      BILLING_EXPORT: `${files.salesforce.loginUrl}/__sandbox/billing?period={period}`,
      DAYTWO_SANDBOX_CLOCK_URL: `${files.control.url}/clock`,
      SMTP_URL: files.mailbox.smtp,
      OKTA_URL: files.okta.url,
      OKTA_TOKEN: files.okta.token,
      ...Object.fromEntries(scim),
      DAYTWO_ENCRYPTION_KEYS: secrets.encryption,
    });
  }

  async #stopAll(): Promise<void> {
    this.#mounted.gitlab.stop();
    this.#changes.stop();
    await Promise.all([this.#stopSmtp(), ...this.#servers.map(closeServer)]);
    this.world.close();
  }
}

/** Ends a server with the connections that clients keep alive. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
