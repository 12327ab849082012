import { z } from 'zod';
import type { BillingSource } from '../domain/close/billing-source';
import { VARIANCES, type VarianceKind } from '../domain/close/reconcile';
import type { VariancePolicy } from '../domain/close/variances';
import { suggestion } from '../domain/spelling';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import type { Reading } from './reading';
import { mapOf } from './shape-problems';
import { amount, rule, text, username } from './values';

export const BILLING_FILE = 'billing.yml';

const currency = rule(
  (value) => /^[A-Z]{3}$/.test(value),
  'not a currency',
  'Write three capital letters (ISO 4217), such as USD.',
);
const place = rule(
  (value) => !/[\s<>]/.test(value) && (!/^[a-z]+:/i.test(value) || /^https?:\/\/[^/@]+\/?/i.test(value)),
  'neither a path nor an http(s) address',
  'Write /srv/exports/billing-{period}.csv or https://…/{period}.csv; a credential goes into BILLING_EXPORT_TOKEN.',
);

const sourceShape = mapOf({
  from: place.nullable().default(null),
  currencies: z.array(currency).min(1, { error: 'is empty: no row could be read' }),
  columns: mapOf({
    opportunity: text,
    product: text,
    entity: text,
    currency: text,
    period: text,
    amount: text,
  }),
});

/** What billing's export looks like; null where there is no such file, or one with problems. */
export function readBillingSource(
  dir: string,
  present: boolean,
  problems: Problem[],
): { readonly file: ConfigFile; readonly source: BillingSource } | null {
  if (!present) return null;
  const file = ConfigFile.read(dir, BILLING_FILE, problems);
  const source = file?.shape(sourceShape);
  return file && source ? { file, source } : null;
}

const owners = mapOf(
  Object.fromEntries(
    VARIANCES.map((kind) => [kind, text.default(kind.endsWith('_in_crm') ? 'deal-desk' : 'finance')]),
  ),
);

/** `close.reconcile` of `policy.yml`. */
export const reconcileShape = mapOf({
  thresholds: z.record(currency, amount).default({}),
  owners: owners.prefault({}),
  reason_codes: z
    .array(
      rule(
        (value) => /^[A-Za-z][\w-]*$/.test(value),
        'not a reason code',
        'Begin with a letter; letters, digits, _ and -.',
      ),
    )
    .min(1, { error: 'is empty: nothing could be explained' })
    .default(['TIMING', 'REBATE', 'ROUNDING', 'CREDIT', 'OTHER']),
  explained_by: z.array(username).default([]),
});

export const variancePolicyOf = (said: z.output<typeof reconcileShape>): VariancePolicy => ({
  thresholdCents: said.thresholds,
  owners: said.owners as Record<VarianceKind, string>,
  reasonCodes: said.reason_codes,
  explainedBy: said.explained_by,
});

/** Where billing is asked: columns of their own, and people and teams who are there. */
export function checkBilling({ billing, policy, people }: Reading): void {
  if (!billing) return;
  const { file, source } = billing;
  const names = Object.entries(source.columns);
  for (const [column, name] of names)
    if (names.some(([other, same]) => other !== column && same.toLowerCase() === name.toLowerCase()))
      file.problem(['columns', column], 'one column for two values', 'Each has its own.', name);
  if (!people) return;
  const teams = Object.keys(people.teams);
  for (const { index, policy: version } of policy?.versions ?? []) {
    const at = ['versions', index, 'close', 'reconcile'];
    const { reconcile } = version.close;
    for (const [kind, owner] of Object.entries(reconcile.owners))
      if (![...teams, ...people.usernames].includes(owner))
        policy?.file.problem(
          [...at, 'owners', kind],
          'neither a team nor a user name',
          suggestion(owner, [...teams, ...people.usernames], 'Name a team or a member of people.yml.'),
          owner,
        );
    reconcile.explainedBy.forEach((name, entry) => {
      if (!people.usernames.includes(name))
        policy?.file.problem(
          [...at, 'explained_by', entry],
          'nobody of that user name',
          suggestion(name, people.usernames, 'Name a member of people.yml.'),
          name,
        );
    });
  }
}
