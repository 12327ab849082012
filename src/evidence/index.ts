export { EvidenceConflictError, type Anchor, type Fault, type Verdict } from './chain';
export type { CrowdException, CrowdLine, CrowdPerson, GrantRow } from './crowd';
export { openStore, type StoreSettings } from './open';
export { sharedPace } from './rate';
export { digestOf } from './row';
export type { ChainedRow, EvidenceChannel, EvidenceDetail, EvidenceRow, Json } from './row';
export { Store, type IssueState, type PersonRecord, type StoryFilter } from './store';
export { tell } from './tell';
