import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `sandbox.json` says: where everything of the sandbox is, and how to sign in. */
export interface SandboxFile {
  readonly gitlab: {
    readonly url: string;
    readonly accessRequestsProject: string;
    readonly employmentProject: string;
    readonly users: readonly {
      readonly username: string;
      readonly name: string;
      readonly email: string;
      readonly title: string;
      readonly token: string;
      readonly groups: readonly string[];
    }[];
  };
  readonly salesforce: {
    readonly loginUrl: string;
    readonly instanceUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly username: string;
    readonly apiVersion: string;
  };
  readonly scim: readonly { readonly system: string; readonly url: string; readonly token: string }[];
  readonly okta: { readonly url: string; readonly token: string };
  readonly mailbox: { readonly url: string; readonly smtp: string };
  readonly control: { readonly url: string };
  readonly server?: { readonly url: string };
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly ui: string };
}

/** Writes `sandbox.json` and `sandbox.env` for the owner only; a reader sees the old or the new file, never half of one. */
export function writeSandboxFiles(
  stateDir: string,
  file: SandboxFile,
  variables: Readonly<Record<string, string>>,
): void {
  mkdirSync(stateDir, { recursive: true });
  replaceFile(join(stateDir, 'sandbox.json'), `${JSON.stringify(file, null, 2)}\n`);
  replaceFile(
    join(stateDir, 'sandbox.env'),
    `${Object.entries(variables)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n')}\n`,
  );
}

function replaceFile(path: string, text: string): void {
  const half = `${path}.${process.pid}.tmp`;
  writeFileSync(half, text, { mode: 0o600 });
  chmodSync(half, 0o600); // the mode above holds for a new file only
  renameSync(half, path);
}
