/** The handbook as data: reads `config/`, checks it whole, watches it, and approves role templates in it. */
export { approveTemplate, type Approved } from './approve';
export {
  addBusinessDays,
  calendarOf,
  instantAt,
  isBusinessTime,
  localTime,
  type BusinessCalendar,
} from './business-time';
export { digestOf, handbookDigest } from './digest';
export { editsInForce, type Edits } from './history';
export { loadHandbook, readHandbook, type LoadResult } from './load';
export { formatProblems, type Problem } from './problem';
export { tablesFor } from './territory';
export { watchHandbook } from './watch';
