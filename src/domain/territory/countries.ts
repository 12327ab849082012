import { filled } from './texts';

/** Codes (ISO 3166-1 alpha-2) by the folded form of each name and code under which a country is known. */
export type Countries = ReadonlyMap<string, string>;

/** A country's name without what tells spellings of one name apart: case, accents, full stops, an article, spaces. */
export function foldCountry(text: string): string {
  return (filled(text) ?? '')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[.,'’()]/g, '')
    .replace(/[\s&/_-]+/gu, ' ')
    .replace(/^the (?=.)/, '')
    .trim();
}

/** The code of a country as sources name it, in some language or as a code; null for one that isn't known. */
export const countryOf = (text: string, countries: Countries): string | null =>
  countries.get(foldCountry(text)) ?? null;
