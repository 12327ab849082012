import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataConverter } from '../src/codec/data-converter';
import { readKeyRing } from '../src/codec/keys';
import { renderTemplate } from '../src/domain/form-template';
import type { Handbook } from '../src/domain/handbook';
import { openStore, type Store } from '../src/evidence';
import { readHandbook } from '../src/handbook';
import { Desk } from '../test/support/desk';
import { System } from '../test/support/system';

/** The whole product on a state of its own, with its store and its Temporal at hand. */
export interface Product {
  readonly system: System;
  readonly desk: Desk;
  readonly client: Client;
  readonly address: string;
  readonly store: Store;
  readonly handbook: Handbook;
  readonly temporal: string;
}

/** A change to a file of the sample handbook, before anything starts. */
export interface HandbookChange {
  readonly file: string;
  readonly change: (text: string) => string;
}

/** The sample's rates are meant for vendors' limits, and would be what is measured. */
export const RATES_LIFTED: HandbookChange = {
  file: 'systems.yml',
  change: (text) => text.replace(/^ {2}(salesforce|okta|scim\/[A-Z_]+|gitlab): \d+$/gm, '  $1: 10000'),
};

export async function withProduct<T>(
  changes: readonly HandbookChange[],
  act: (product: Product) => Promise<T>,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const system = new System(undefined, env);
  try {
    cpSync(join(__dirname, '..', 'config'), system.configDir, { recursive: true });
    for (const { file, change } of changes) {
      const path = join(system.configDir, file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    }
    await system.start();
    const address = system.sandbox.temporal?.address ?? '';
    const connection = await Connection.connect({ address });
    const client = new Client({
      connection,
      dataConverter: dataConverter(readKeyRing(system.variables['DAYTWO_ENCRYPTION_KEYS'] ?? '')),
    });
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    try {
      return await act({
        system,
        desk: new Desk(system),
        client,
        address,
        store,
        handbook: readHandbook(system.configDir),
        temporal: (await connection.workflowService.getSystemInfo({})).serverVersion ?? 'unknown',
      });
    } finally {
      await store.close();
      await connection.close();
    }
  } finally {
    await system.dispose();
  }
}

/** A published template with people below its heading, and with boxes ticked: what stands behind each, by the system's name. */
export function filledIn(
  handbook: Handbook,
  file: string,
  fill: (text: string) => string,
  access: Readonly<Record<string, string>>,
): string {
  const template = handbook.issueTemplates.find((one) => one.file === file);
  if (!template) throw new Error(`no template ${file}`);
  const text = fill(renderTemplate(template.text, handbook));
  return Object.entries(access).reduce((filled, [name, asked]) => {
    const ticked = filled.replace(
      new RegExp(`^- \\[ \\] ${name}(?::| <).*$`, 'm'),
      `- [x] ${name}${asked && `: ${asked}`}`,
    );
    if (ticked === filled) throw new Error(`the template ${file} has no box for ${name}`);
    return ticked;
  }, text);
}

/** Files an issue as a person does, through the API. @returns its number */
export async function file(
  desk: Desk,
  project: string,
  by: string,
  title: string,
  description: string,
): Promise<number> {
  const { iid } = await desk.as<{ iid: number }>(
    by,
    'POST',
    `/projects/${encodeURIComponent(project)}/issues`,
    {
      title,
      description,
    },
  );
  return iid;
}

/** Looks every few milliseconds, so that the figure is the product's and not the looking's. */
export async function looked<T>(
  look: () => Promise<T | undefined>,
  { everyMs = 20, withinMs = 60_000 }: { readonly everyMs?: number; readonly withinMs?: number } = {},
): Promise<T> {
  for (const until = Date.now() + withinMs; Date.now() < until;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`waited ${withinMs / 1000} s in vain`);
}
