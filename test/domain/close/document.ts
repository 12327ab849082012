import type { Check } from '../../../src/domain/close/check';

/** A check as a line of the document. */
export const lineOf = ({ id, words, routes, mender, source }: Check): string =>
  `| \`${id}\` | ${words} | ${routes ? routes.join(', ').replaceAll('_', ' ') : 'all'} | ${mender.replaceAll('_', ' ')} | ${source} |`;
