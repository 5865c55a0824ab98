/** What was changed in the project, when, and by whom. */
import type { HubRecord, RecordOf } from 'xstate-hub';

export interface ProjectChange {
  readonly seq: number;
  /** In ms since the epoch. */
  readonly at: number;
  /** Who asked for it. */
  readonly by: string;
  readonly patches: RecordOf<'project.updated'>['payload']['patches'];
}

/** Only the last ones are kept: so many. */
const kept = 2_000;

export class ProjectChanges {
  readonly #changes: ProjectChange[] = [];
  /** The last wish for one: what follows from it stands right behind it. */
  #wish: { readonly id: string; readonly from: string } | undefined;

  take(record: HubRecord): void {
    if (record.type === 'project.update') this.#wish = record;
    if (record.type !== 'project.updated') return;
    const { seq, at, from, causationId, payload } = record;
    const by = this.#wish !== undefined && this.#wish.id === causationId ? this.#wish.from : from;
    this.#changes.push({ seq, at, by, patches: payload.patches });
    if (this.#changes.length > 2 * kept) this.#changes.splice(0, kept);
  }

  /** The last ones, in order. */
  get all(): readonly ProjectChange[] {
    return this.#changes.slice(-kept);
  }
}
