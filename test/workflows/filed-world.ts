import type { DeskVisit } from '../../src/activities/desk';
import type { Fact } from '../../src/domain/access-request';
import type { Asked } from '../../src/domain/approvals';
import { formRead, type Written } from '../domain/filed';
import { Desk, rules } from '../domain/request';
import { RequestWorld } from './request-world';

/** The desk of a request that people filed: a test says what its text asks for. */
export class FiledWorld extends RequestWorld {
  #edits = 0;
  #text: { readonly access: readonly Asked[]; readonly written: Written } = { access: [], written: {} };

  /** Writes the text, for the first time or anew; the next visit reads it. */
  writes(access: readonly Asked[], written: Written = {}): this {
    this.#edits += 1;
    this.#text = { access, written };
    return this;
  }

  /** What people do on the issue just before the next visit. */
  does(act: (desk: Desk) => Desk): void {
    this.shown = ({ state, now }) => act(new Desk(state, rules, now)).reading();
  }

  protected override reads({ state, now }: DeskVisit): readonly Fact[] {
    const text = `text ${this.#edits}`;
    if (!state.plan.filed || state.plan.filed.text === text) return [];
    const { access, written } = this.#text;
    return [formRead(access, { at: now, ...written, change: { ...written.change, text } })];
  }
}
