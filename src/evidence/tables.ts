import type { ReviewTables } from './account-reviews';
import type { CloseTables } from './close-tables';
import type { TrendTables } from './close-trend';
import type { CrowdTables } from './crowd-tables';
import type { LeaverTables } from './leaver-tables';
import type { SeatTables } from './seat-tables';
import type { TerritoryTables } from './territory-tables';
import type { WorkTables } from './work-tables';

/** The store's tables. Text and whole numbers only, so that both dialects keep them letter by letter. */
export interface Tables
  extends
    CloseTables,
    CrowdTables,
    LeaverTables,
    ReviewTables,
    SeatTables,
    TerritoryTables,
    TrendTables,
    WorkTables {
  evidence: EvidenceTable;
  evidence_head: { id: number; row_count: number; last_hash: string };
  people: PeopleTable;
  seen_issue: { project: string; iid: number; updated_at: string };
  hr_event: { event_id: string; digest: string; received_at: string };
  waiting: { employee_id: string; what: string; since: string };
}

export interface EvidenceTable {
  seq: number;
  id: string;
  at: string;
  zone: string;
  local_time: string;
  subject: string | null;
  request: string | null;
  workflow_id: string | null;
  kind: string;
  actor: string;
  channel: string;
  detail: string;
  prev_hash: string;
  hash: string;
}

export interface PeopleTable {
  employee_id: string;
  email: string;
  /** What `email` is looked up by: lower case. */
  email_key: string;
  name: string;
  title: string;
  specialty: string | null;
  department: string;
  division: string;
  entity: string;
  country: string;
  region: string;
  time_zone: string;
  manager_email: string | null;
  start_date: string;
  status: 'joining' | 'active' | 'leaving' | 'left' | 'rescinded';
  updated_at: string;
}
