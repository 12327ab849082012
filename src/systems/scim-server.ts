import { statusFault } from './fault';
import { callJson, type JsonAnswer } from './http';
import type { Pace } from './pace';

export interface ScimSettings {
  /** As the handbook names it: `RINGLEAD`. */
  readonly connection: string;
  readonly url: string;
  readonly token: string;
  readonly pace?: Pace | undefined;
}

/** What daytwo reads of a SCIM user (RFC 7643). */
export interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId?: string;
  readonly active?: boolean | string;
  readonly roles?: readonly { readonly value?: string }[];
}

/** Some servers send `"False"` as a string. */
export const isActive = (user: Pick<ScimUser, 'active'>): boolean =>
  String(user.active ?? true).toLowerCase() === 'true';

/** What a server answers that knows no filter by this attribute, or not PATCH. */
const NOT_DONE_HERE = [400, 403, 404, 405, 501];

/**
 * The users of one SCIM 2.0 server, with the ways that servers have: no lists, no filter by `externalId`, no PATCH, text for a
 * boolean. Nobody is taken for somebody whom a filter did not ask for.
 */
export class ScimServer {
  #patches = true;
  #filtersByExternalId = true;
  constructor(private readonly settings: ScimSettings) {}

  /** Without the case of the variables: for faults and what people read. */
  get system(): string {
    return `scim/${this.settings.connection.toLowerCase()}`;
  }

  /** As the handbook's ways have it: `scim/RINGLEAD`. */
  get connection(): string {
    return `scim/${this.settings.connection}`;
  }

  async byUserName(email: string): Promise<ScimUser | undefined> {
    const { found } = await this.#filtered('userName', email);
    return found.find((user) => user.userName.toLowerCase() === email.toLowerCase());
  }

  /** Undefined also where the server can't be asked by it. */
  async byExternalId(id: string): Promise<ScimUser | undefined> {
    if (!this.#filtersByExternalId) return undefined;
    const { status, found } = await this.#filtered('externalId', id, [400, 501]);
    if (status !== 200) this.#filtersByExternalId = false;
    return found.find((user) => user.externalId === id);
  }

  async #filtered(
    attribute: 'userName' | 'externalId',
    value: string,
    expected: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly found: readonly ScimUser[] }> {
    const filter = `${attribute} eq "${value.replace(/["\\]/g, '\\$&')}"`;
    const { status, body } = await this.#call('GET', `/Users?filter=${enc(filter)}`, { expected });
    return { status, found: (body as { Resources?: ScimUser[] } | null)?.Resources ?? [] };
  }

  /** Undefined where the server has no such account any longer. */
  async read(id: string): Promise<ScimUser | undefined> {
    const answer = await this.#call('GET', `/Users/${enc(id)}`, { expected: [404] });
    return answer.status === 404 ? undefined : (answer.body as ScimUser);
  }

  create(body: Record<string, unknown>, expected: readonly number[]): Promise<JsonAnswer> {
    return this.#call('POST', '/Users', { body, expected });
  }

  /**
   * Wakes the account or puts it to sleep, and reads it back: spelt as the server spells it, then the other way. Some take
   * the text `"False"` only, and refuse a JSON boolean or take no notice of it.
   */
  async setActive<U extends ScimUser | undefined>(
    user: ScimUser,
    active: boolean,
    readBack: () => Promise<U>,
  ): Promise<U> {
    const text = active ? 'True' : 'False';
    const [usual, other] = typeof user.active === 'string' ? [text, active] : [active, text];
    const first = await this.change(user, { active: usual }, [400]);
    const seen = await readBack();
    if (!seen || isActive(seen) === active) return seen;
    const second = await this.change(user, { active: other }, [400]);
    if (first.status === 400 && second.status === 400)
      throw statusFault(this.system, 400, null, 'the change');
    return readBack();
  }

  /** Some servers lack PATCH, and say so by its status or in their configuration: then the whole resource is put back. */
  async change(
    user: ScimUser,
    values: Record<string, unknown>,
    expected: readonly number[] = [],
  ): Promise<JsonAnswer> {
    const path = `/Users/${enc(user.id)}`;
    if (this.#patches) {
      const answer = await this.#call('PATCH', path, { body: patchOf(values), expected: NOT_DONE_HERE });
      if (!NOT_DONE_HERE.includes(answer.status)) return answer;
      this.#patches = answer.status !== 405 && answer.status !== 501 && (await this.#saysItPatches());
      if (this.#patches) {
        if (answer.status === 404 || expected.includes(answer.status)) return answer;
        throw statusFault(this.system, answer.status, null, 'PATCH of an account');
      }
    }
    const whole = await this.#call('GET', path, { expected: [404] });
    if (whole.status === 404) return whole;
    return this.#call('PUT', path, { body: { ...(whole.body as object), ...values }, expected });
  }

  /** Only `patch.supported = false` says that it doesn't (RFC 7643, section 5). */
  async #saysItPatches(): Promise<boolean> {
    const answer = await this.#call('GET', '/ServiceProviderConfig', { expected: [401, ...NOT_DONE_HERE] });
    const supported = (answer.body as { patch?: { supported?: unknown } } | null)?.patch?.supported;
    return supported !== false && supported !== 'False';
  }

  #call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
    path: string,
    rest: { body?: unknown; expected?: readonly number[] },
  ): Promise<JsonAnswer> {
    return callJson({
      system: this.system,
      method,
      url: `${this.settings.url.replace(/\/$/, '')}${path}`,
      headers: { Authorization: `Bearer ${this.settings.token}` },
      contentType: 'application/scim+json',
      pace: this.settings.pace,
      ...rest,
    });
  }
}

const enc = encodeURIComponent;

const patchOf = (values: Record<string, unknown>): Record<string, unknown> => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: Object.entries(values).map(([path, value]) => ({ op: 'replace', path, value })),
});
