import SCIMMY from 'scimmy';
import { randomUUID } from 'node:crypto';
import type { World } from '../world';
import { unsealed } from './filter';

/** Which of the SCIM servers a request is for. SCIMMY's registry is one per process, so its handlers get this as context. */
export interface Tenant {
  readonly world: World;
  readonly system: string;
  /** Lists of users need a filter, as LinkedIn's server asks. */
  readonly listNeedsFilter: boolean;
}

/** A user or group as stored: what the client sent, and the server's own dates. */
interface ScimRow {
  readonly id: string;
  readonly created: string;
  readonly lastModified: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Member {
  readonly value: string;
  readonly display?: string;
}

const users = (tenant: Tenant) => tenant.world.table<ScimRow>(`scim-user:${tenant.system}`);
const groups = (tenant: Tenant) => tenant.world.table<ScimRow>(`scim-group:${tenant.system}`);

/** The core schema of the resource with this id. */
export function schemaOf(tenant: Tenant, id: string): string | undefined {
  if (users(tenant).get(id)) return SCIMMY.Schemas.User.definition.id;
  return groups(tenant).get(id) ? SCIMMY.Schemas.Group.definition.id : undefined;
}

const notFound = (id: string) => new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : undefined);

/** The members of a group's row, as far as they are well-formed. */
function membersOf(row: ScimRow): Member[] {
  const members: unknown = row.body['members'];
  if (!Array.isArray(members)) return [];
  return members.filter(
    (member: unknown): member is Member =>
      typeof member === 'object' && member !== null && 'value' in member && typeof member.value === 'string',
  );
}

/** SCIMMY's schema objects hold getters and dates: what is stored is plain JSON without what the server owns. */
function plain(instance: object): Record<string, unknown> {
  const body = JSON.parse(JSON.stringify(instance)) as Record<string, unknown>;
  for (const owned of ['id', 'meta', 'password', 'groups', 'schemas']) delete body[owned];
  return body;
}

function shown(row: ScimRow): Record<string, unknown> {
  return {
    ...row.body,
    id: row.id,
    meta: { created: new Date(row.created), lastModified: new Date(row.lastModified) },
  };
}

function shownUser(tenant: Tenant, row: ScimRow): Record<string, unknown> {
  const memberOf = groups(tenant)
    .filter((group) => membersOf(group).some((member) => member.value === row.id))
    .map((group) => ({ value: group.id, display: group.body['displayName'], type: 'direct' }));
  return memberOf.length > 0 ? { ...shown(row), groups: memberOf } : shown(row);
}

function shownGroup(tenant: Tenant, row: ScimRow): Record<string, unknown> {
  const members = membersOf(row).map((member) => {
    const user = users(tenant).get(member.value);
    const display = member.display ?? user?.body['displayName'] ?? user?.body['userName'];
    return display === undefined ? member : { type: 'User', ...member, display };
  });
  return { ...shown(row), ...(members.length > 0 ? { members } : {}) };
}

type Rows = ReturnType<typeof users>;

/** Creates the row, or replaces the body of the one named by `id`. */
function keep(rows: Rows, id: string | undefined, body: Record<string, unknown>): ScimRow {
  const now = new Date().toISOString();
  const before = id === undefined ? undefined : rows.get(id);
  if (id !== undefined && before === undefined) throw notFound(id);
  const row: ScimRow = before
    ? { ...before, lastModified: now, body }
    : { id: randomUUID(), created: now, lastModified: now, body };
  return rows.put(row.id, row);
}

function refuseDouble(rows: Rows, attribute: string, value: unknown, id: string | undefined): void {
  const wanted = lower(value);
  if (wanted === undefined) return;
  const other = rows.find((row) => row.id !== id && lower(row.body[attribute]) === wanted);
  if (other)
    throw new SCIMMY.Types.Error(409, 'uniqueness', `A resource with this ${attribute} already exists`);
}

/** What SCIMMY's handlers get of the request, as far as it is used here. */
interface Asked {
  readonly id?: string | undefined;
  readonly filter?: readonly object[] | undefined;
  readonly constraints?: { startIndex?: number; count?: number; totalResults?: number } | undefined;
}

/** Attributes whose values compare with their case (`caseExact`, RFC 7643 section 8.7) or are dates. */
const CASE_EXACT = new Set(['id', 'externalid', 'meta', '$ref']);

/** A copy with every string as the client meant it and, except below the attributes that compare exactly, in small letters. */
function folded(value: unknown, exact = false): unknown {
  if (typeof value === 'string') return exact ? unsealed(value) : String(unsealed(value)).toLowerCase();
  if (Array.isArray(value)) return value.map((inner) => folded(inner, exact));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      folded(inner, exact || CASE_EXACT.has(key.toLowerCase())),
    ]),
  );
}

/** SCIMMY compares strings exactly; most SCIM attributes, `userName` first, aren't `caseExact`. */
function matching(filter: readonly object[], rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const branches = filter.map((branch) => folded({ ...branch }) as object);
  const anyCase = new SCIMMY.Types.Filter(branches);
  return rows.filter((row) => {
    const whole = branches.reduce(withParents, folded({ ...row, ...withSchemaNames(row) }));
    return anyCase.match([whole as object]).length > 0;
  });
}

/** The attributes of extensions as a filter names them: `urn:…:User:department`. */
function withSchemaNames(row: Record<string, unknown>): Record<string, unknown> {
  const extensions = Object.entries(row).filter(([name]) => name.startsWith('urn:'));
  return Object.fromEntries(
    extensions.flatMap(([schema, value]) =>
      Object.entries(value ?? {}).map(([name, inner]: [string, unknown]) => [`${schema}:${name}`, inner]),
    ),
  );
}

/** SCIMMY fails where a filter looks into an attribute that isn't there (`name.familyName pr`): an empty one stands for it. */
function withParents(value: unknown, expressions: object): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const whole: Record<string, unknown> = { ...value };
  for (const [name, inner] of Object.entries(expressions) as [string, unknown][]) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue;
    const key = Object.keys(whole).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    whole[key] = withParents(whole[key] ?? {}, inner);
  }
  return whole;
}

function read(rows: Rows, asked: Asked, show: (row: ScimRow) => Record<string, unknown>) {
  if (asked.id !== undefined) {
    const row = rows.get(asked.id);
    if (!row) throw notFound(asked.id);
    return show(row);
  }
  const all = rows.values().map(show);
  const found = asked.filter ? matching(asked.filter, all) : all;
  const { constraints } = asked;
  if (constraints?.startIndex === undefined || constraints.startIndex <= found.length) return found;
  // SCIMMY would begin again from the first row where the start lies behind the last.
  constraints.totalResults = found.length;
  return [];
}

function remove(rows: Rows, id: string | undefined): void {
  if (id === undefined || !rows.get(id)) throw notFound(id ?? '');
  rows.delete(id);
}

function leaveGroups(tenant: Tenant, userId: string): void {
  for (const group of groups(tenant).values()) {
    const members = membersOf(group);
    const left = members.filter((member) => member.value !== userId);
    if (left.length < members.length)
      groups(tenant).put(group.id, { ...group, body: { ...group.body, members: left } });
  }
}

function listUsers(asked: Asked, tenant: Tenant) {
  if (asked.id === undefined && asked.filter === undefined && tenant.listNeedsFilter) {
    throw new SCIMMY.Types.Error(
      400,
      'invalidFilter',
      'Listing all users is not supported: filter by userName or externalId',
    );
  }
  return read(users(tenant), asked, (row) => shownUser(tenant, row));
}

function keepUser(asked: Asked, instance: object, tenant: Tenant) {
  const body = plain(instance);
  refuseDouble(users(tenant), 'userName', body['userName'], asked.id);
  return shownUser(
    tenant,
    keep(users(tenant), asked.id, asked.id === undefined ? { active: true, ...body } : body),
  );
}

function keepGroup(asked: Asked, instance: object, tenant: Tenant) {
  const body = plain(instance);
  refuseDouble(groups(tenant), 'displayName', body['displayName'], asked.id);
  return shownGroup(tenant, keep(groups(tenant), asked.id, body));
}

/** SCIMMY takes an empty list of canonical values as "none is allowed"; RFC 7643 has none for the types of these two. */
function allowAnyType(): void {
  for (const name of ['roles', 'x509Certificates']) {
    const attribute = SCIMMY.Schemas.User.definition.attribute(name);
    if (!('subAttributes' in attribute)) continue;
    const type = attribute.subAttributes.find((sub) => sub.name === 'type');
    if (type) type.config.canonicalValues = false;
  }
}

let declared = false;

/** Declares User (with the enterprise extension) and Group to SCIMMY, once for the process. */
export function declareResources(): void {
  if (declared) return;
  declared = true;
  allowAnyType();
  SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false), {
    egress: (asked: Asked, tenant: Tenant) => listUsers(asked, tenant),
    ingress: (asked: Asked, instance: object, tenant: Tenant) => keepUser(asked, instance, tenant),
    degress: (asked: Asked, tenant: Tenant) => {
      remove(users(tenant), asked.id);
      leaveGroups(tenant, asked.id ?? '');
    },
  }).declare(SCIMMY.Resources.Group, {
    egress: (asked: Asked, tenant: Tenant) => read(groups(tenant), asked, (row) => shownGroup(tenant, row)),
    ingress: (asked: Asked, instance: object, tenant: Tenant) => keepGroup(asked, instance, tenant),
    degress: (asked: Asked, tenant: Tenant) => remove(groups(tenant), asked.id),
  });
}
