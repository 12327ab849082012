import type { DeskMessage } from './desk-acts';
import type { Channel, DecisionKind } from './handbook';
import type { DecisionInput } from './request-desk';

/** A process between its visits: what people said that none has judged yet, and whether something moved. */
export class DeskInbox {
  #hinted = false;
  #sent = 0;
  #messages: DeskMessage[] = [];
  readonly #answers = new Map<string, string | null>();

  hint(): void {
    this.#hinted = true;
  }

  /** A hint that there is nothing to read for yet. */
  unhint(): void {
    this.#hinted = false;
  }

  get needsVisit(): boolean {
    return this.#hinted || this.#messages.length > 0;
  }

  tell(kind: DecisionKind, { by, task, reason }: DecisionInput, at: string, channel: Channel): string {
    this.#sent += 1;
    const id = `${at}/${this.#sent}`;
    this.#messages.push({ id, kind, by, channel, at, task, reason });
    return id;
  }

  /** Undefined until it was judged; null where it was taken. */
  answer(id: string): string | null | undefined {
    return this.#answers.get(id);
  }

  takeMessages(): readonly DeskMessage[] {
    const taken = this.#messages;
    this.#messages = [];
    this.#hinted = false;
    return taken;
  }

  wasJudged(answers: Readonly<Record<string, string | null>>): void {
    for (const [id, answer] of Object.entries(answers)) this.#answers.set(id, answer);
  }
}
