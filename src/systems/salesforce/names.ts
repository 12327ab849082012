import { SystemFault } from '../fault';
import type { Org } from './org';
import { literal, textOf, type Row } from './soql';

/** For so long a name that was found is not looked up again. */
const REMEMBERED_MS = 60_000;

/** What has a name in an org and is asked for by it. */
export type Named =
  'Profile' | 'UserRole' | 'PermissionSet' | 'PermissionSetLicense' | 'PackageLicense' | 'User';

/** Where each name is looked for; a manager's is the address of an active user. */
const FIELDS: Readonly<Record<Named, { readonly name: string; readonly where: string }>> = {
  Profile: { name: 'Name', where: 'Name' },
  UserRole: { name: 'Name', where: 'Name' },
  PermissionSet: { name: 'Name', where: 'Name' },
  PermissionSetLicense: { name: 'DeveloperName', where: 'DeveloperName' },
  PackageLicense: { name: 'NamespacePrefix', where: 'NamespacePrefix' },
  User: { name: 'Email', where: 'IsActive = true AND Email' },
};

/**
 * Ids by name, each looked up once for a thousand people: what was found is remembered for a minute. What was not found is
 * looked up again (somebody makes it, and ticks "try again"), save managers, whom nobody waits for.
 */
export class Names {
  readonly #known = new Map<string, { readonly id: string | undefined; readonly until: number }>();
  constructor(private readonly org: Org) {}

  /** Asks for all that isn't known yet, in one query for each kind. @throws SystemFault */
  async learn(kind: Named, names: readonly (string | null | undefined)[]): Promise<void> {
    const unknown = this.#unknown(kind, names);
    if (unknown.length === 0) return;
    const { name: field, where } = FIELDS[kind];
    this.#remember(kind, unknown, await this.org.queryIn(`SELECT Id, ${field} FROM ${kind}`, where, unknown));
  }

  /** Asks for several kinds in one request. What is refused is left for `learn` to say. @throws SystemFault */
  async learnTogether(asked: Readonly<Partial<Record<Named, readonly string[]>>>): Promise<void> {
    const parts = (Object.keys(asked) as Named[])
      .map((kind) => ({ kind, names: this.#unknown(kind, asked[kind] ?? []) }))
      .filter(({ names }) => names.length > 0);
    const answers = await this.org.queries(
      parts.map(({ kind, names }) => {
        const { name: field, where } = FIELDS[kind];
        return `SELECT Id, ${field} FROM ${kind} WHERE ${where} IN (${names.map(literal).join(',')})`;
      }),
    );
    parts.forEach(({ kind, names }, at) => {
      const rows = answers[at];
      if (rows !== undefined && !(rows instanceof SystemFault)) this.#remember(kind, names, rows);
    });
  }

  /** A permission-set licence goes by two names. */
  async learnLicence(name: string): Promise<void> {
    await this.learn('PermissionSetLicense', [name]);
    if (this.idOf('PermissionSetLicense', name) !== undefined) return;
    const [row] = await this.org.query(
      `SELECT Id FROM PermissionSetLicense WHERE MasterLabel = ${literal(name)}`,
    );
    if (row)
      this.#known.set(`PermissionSetLicense ${name.toLowerCase()}`, {
        id: textOf(row, 'Id'),
        until: Date.now() + REMEMBERED_MS,
      });
  }

  /** Undefined where the org has none of that name, or it was never asked for. */
  idOf(kind: Named, name: string | null | undefined): string | undefined {
    return name ? this.#known.get(`${kind} ${name.toLowerCase()}`)?.id : undefined;
  }

  #unknown(kind: Named, names: readonly (string | null | undefined)[]): readonly string[] {
    const unknown = new Map<string, string>();
    for (const name of names) if (name && !this.#fresh(kind, name)) unknown.set(name.toLowerCase(), name);
    return [...unknown.values()];
  }

  #remember(kind: Named, asked: readonly string[], rows: readonly Row[]): void {
    const until = Date.now() + REMEMBERED_MS;
    if (kind === 'User')
      for (const name of asked) this.#known.set(`${kind} ${name.toLowerCase()}`, { id: undefined, until });
    for (const row of rows)
      this.#known.set(`${kind} ${textOf(row, FIELDS[kind].name).toLowerCase()}`, {
        id: textOf(row, 'Id'),
        until,
      });
  }

  #fresh(kind: Named, name: string): boolean {
    const known = this.#known.get(`${kind} ${name.toLowerCase()}`);
    return known !== undefined && known.until > Date.now();
  }
}
