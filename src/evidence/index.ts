export { EvidenceConflictError, type Anchor, type Fault, type Verdict } from './chain';
export { openStore, type StoreSettings } from './open';
export { digestOf } from './row';
export type { ChainedRow, EvidenceChannel, EvidenceDetail, EvidenceRow, Json } from './row';
export { Store, type IssueState, type PersonRecord, type StoryFilter } from './store';
export { tell } from './tell';
export { WorkStore, type DueRequest, type HeldItem, type HeldRequest, type HeldWork } from './work';
export { AbsenceStore, NOTHING_TOLD, type Telling } from './absences';
