import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { TerritoryFields } from '../../src/domain/territory/fields';
import { mountSalesforce, salesforceCredentials } from '../../src/sandbox/salesforce';
import { BulkQueries } from '../../src/systems/salesforce/bulk-query';
import { Org } from '../../src/systems/salesforce/org';
import type { SalesforceSettings } from '../../src/systems/salesforce/session';
import { Grounds, withSystems } from '../sandbox/systems';
import type { World } from '../../src/sandbox/world';

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const camelKeys = (of: object): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [camel(key), String(value)]));

/** The fields as `config/` names them. */
export function configuredFields(): TerritoryFields {
  const said = parse(readFileSync('config/territory/fields.yml', 'utf8')) as Record<string, object>;
  const sources = Object.entries(said['sources'] ?? {}).map(([name, of]) => {
    const { employees = null, address = null } = of as { employees?: string; address?: object };
    return [name, { employees, address: address && camelKeys(address) }];
  });
  return {
    ...Object.fromEntries(
      ['account', 'staging', 'actual', 'review'].map((group) => [group, camelKeys(said[group] ?? {})]),
    ),
    sources: Object.fromEntries(sources),
  } as TerritoryFields;
}

/** A sandbox org over HTTP, daytwo's clients of it, and an administrator's hand. */
export class TerritoryOrg {
  readonly org: Org;
  readonly bulk: BulkQueries;
  private constructor(
    readonly world: World,
    readonly url: string,
    readonly settings: SalesforceSettings,
  ) {
    this.org = new Org(settings);
    this.bulk = new BulkQueries(settings);
  }

  static async start(grounds: Grounds): Promise<TerritoryOrg> {
    const world = grounds.world();
    const url = await grounds.serve(mountSalesforce(world, withSystems));
    const { clientId, clientSecret, username } = salesforceCredentials(world);
    return new TerritoryOrg(world, url, { loginUrl: url, clientId, clientSecret, username });
  }

  readonly fields = configuredFields();

  /** Makes records, and fails where the org refuses one. @returns their ids */
  async make(object: string, records: readonly Record<string, unknown>[]): Promise<readonly string[]> {
    const saved = await this.org.create(object, records);
    return saved.map(({ id, code, message }) => {
      if (id === undefined) throw new Error(`${object}: ${code ?? ''} ${message ?? ''}`);
      return id;
    });
  }

  async change(object: string, id: string, values: Record<string, unknown>): Promise<void> {
    const [saved] = await this.org.update(object, [{ ...values, Id: id }]);
    if (!saved?.success) throw new Error(`${object}: ${saved?.code ?? ''} ${saved?.message ?? ''}`);
  }

  async one(object: string, id: string, fields: readonly string[]): Promise<Record<string, unknown>> {
    const [row] = await this.org.retrieve(object, [id], fields);
    const { attributes: _, ...values } = row ?? {};
    return values;
  }
}
