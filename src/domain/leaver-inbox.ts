import { DeskInbox } from './desk-inbox';
import type { HrEvent, LeavingEvent, RescindedEvent } from './hr-event';
import type { LeavingPhase } from './leaving';
import type { LeavingStep } from './offboarding';

/** What goes on when a history is left behind. */
export interface LeaverCarried {
  readonly plan: LeavingStep;
  readonly phase: LeavingPhase;
  readonly event: LeavingEvent | null;
  /** Absent where the history that was left behind is from before it was carried. */
  readonly immediately?: LeavingNews['immediately'];
  readonly successor: string | null;
  readonly adminTaken: boolean;
  readonly heard: readonly string[];
}

/** What HR and people said since it was worked out last. */
export interface LeavingNews {
  /** The id of the leaving, once there is one. */
  readonly leaving: string | null;
  readonly event: LeavingEvent | null;
  readonly rescinded: RescindedEvent | null;
  /** Somebody asked that it be now. */
  readonly immediately: { readonly by: string; readonly reason: string; readonly at: string } | null;
  readonly successor: string | null;
  /** Who named the successor, since it was worked out last. */
  readonly namedBy: { readonly by: string; readonly at: string } | null;
}

/** A leaving between its messages: what HR said last, what people asked, and how far it is. */
export class LeaverInbox extends DeskInbox {
  plan: LeavingStep = { kind: 'new' };
  phase: LeavingPhase = 'announced';
  adminTaken = false;
  #event: LeavingEvent | null = null;
  #rescinded: RescindedEvent | null = null;
  #immediately: LeavingNews['immediately'] = null;
  #successor: string | null = null;
  #namedBy: LeavingNews['namedBy'] = null;
  #called = false;
  #told: { readonly by: string; readonly at: string } | null = null;
  #news = false;
  readonly #heard = new Set<string>();

  constructor(carried?: LeaverCarried) {
    super();
    if (!carried) return;
    this.plan = carried.plan;
    this.phase = carried.phase;
    this.adminTaken = carried.adminTaken;
    this.#event = carried.event;
    this.#immediately = carried.immediately ?? null;
    this.#successor = carried.successor;
    for (const id of carried.heard) this.#heard.add(id);
  }

  get carried(): LeaverCarried {
    return {
      plan: this.plan,
      phase: this.phase,
      event: this.#event,
      immediately: this.#immediately,
      successor: this.#successor,
      adminTaken: this.adminTaken,
      heard: [...this.#heard].slice(-50),
    };
  }

  /** The same event twice is heard once; the newest word counts. */
  hear(event: HrEvent): void {
    if (this.#heard.has(event.event_id)) return;
    this.#heard.add(event.event_id);
    if (event.type === 'employee.leaving') {
      this.#event = event;
      this.#rescinded = null;
      this.#news = true;
    } else if (event.type === 'employee.rescinded' && event.what === 'leaving') {
      this.#rescinded = event;
      this.#news = true;
    }
  }

  leaveNow(by: string, reason: string, at: string): void {
    this.#immediately = { by, reason, at };
    this.#news = true;
  }

  /** @param late whether it counts after time zero, too */
  succeededBy(by: string, email: string, at: string, late: boolean): void {
    this.#successor = email;
    this.#namedBy = { by, at };
    if (late || this.phase === 'announced') this.#news = true;
  }

  /** Somebody says that the call has begun: whether they may is judged by a visit. */
  tellOfCall(by: string, at: string): void {
    this.#told ??= { by, at };
    this.hint();
  }

  takeCall(): { readonly by: string; readonly at: string } | null {
    const told = this.#told;
    this.#told = null;
    return told;
  }

  callBegan(): void {
    this.#called = true;
  }

  /** The call has begun: what is done during it is done now. */
  get called(): boolean {
    return this.#called;
  }

  get hasNews(): boolean {
    return this.#news;
  }

  takeNews(): LeavingNews {
    this.#news = false;
    const [rescinded, namedBy] = [this.#rescinded, this.#namedBy];
    this.#rescinded = null;
    this.#namedBy = null;
    return {
      leaving: this.plan.kind === 'planned' ? this.plan.leaving : null,
      event: this.#event,
      rescinded,
      immediately: this.#immediately,
      successor: this.#successor,
      namedBy,
    };
  }

  /** What was worked out. A suspension that becomes a leaving goes on from being frozen, at its own time zero. */
  planned(plan: LeavingStep): void {
    const before = this.plan;
    this.plan = plan;
    if (plan.kind !== 'planned') return;
    if (before.kind !== 'planned') this.phase = plan.phase;
    else if (this.phase === 'suspended' && plan.why !== 'suspension') this.phase = 'announced';
  }
}
