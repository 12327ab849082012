import type { Request } from 'express';
import { GitlabError } from './site';

/** The parameters of a request by name: query and body together, the body winning, as Grape reads them. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(req: Request) {
    const body: unknown = req.body;
    this.#values = {
      ...(req.query as Record<string, unknown>),
      ...(isRecord(body) ? body : {}),
    };
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name) && this.#values[name] !== undefined;
  }
  raw(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }
  /** Names inside a hash parameter such as `not[labels]`. */
  inside(name: string): Readonly<Record<string, unknown>> {
    const value = this.raw(name);
    return isRecord(value) ? value : {};
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw GitlabError.badRequest(`${name} is invalid`);
  }
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw GitlabError.badRequest(`${name} is missing`);
    return value;
  }
  /** A text that may also be emptied with null. */
  nullable(name: string): string | null | undefined {
    return this.has(name) && this.raw(name) === null ? null : this.text(name);
  }
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    if (!/^-?\d{1,15}$/.test(value)) throw GitlabError.badRequest(`${name} is invalid`);
    return Number(value);
  }
  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === '') return undefined;
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    throw GitlabError.badRequest(`${name} is invalid`);
  }
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((word) => word === value);
    if (found === undefined) throw GitlabError.badRequest(`${name} does not have a valid value`);
    return found;
  }
  /** An instant, in milliseconds since 1970. */
  instant(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const at = Date.parse(value);
    if (Number.isNaN(at)) throw GitlabError.badRequest(`${name} is invalid`);
    return at;
  }
  /** `a,b`, `name[]=a&name[]=b` or a JSON array. */
  words(name: string): string[] | undefined {
    return wordsOf(this.raw(name));
  }
  integers(name: string): number[] | undefined {
    const words = this.words(name);
    if (words?.some((word) => !/^\d{1,15}$/.test(word))) throw GitlabError.badRequest(`${name} is invalid`);
    return words?.map(Number);
  }
}

/** The words of a list however it was written; undefined where nothing was given. */
export function wordsOf(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (value === null) return [];
  const list: unknown[] =
    typeof value === 'string' ? value.split(',') : typeof value === 'object' ? Object.values(value) : [value];
  return list
    .flatMap((word) =>
      typeof word === 'string' ? [word.trim()] : typeof word === 'number' ? [`${word}`] : [],
    )
    .filter((word) => word !== '');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
