/** Where on the track of time people want to look: gates and troubles. */
import type { HubRecord } from 'xstate-hub';
import { Column } from './column.ts';
import { type Tone, toneOfRecord } from './tone.ts';

export interface Mark {
  readonly seq: number;
  readonly tone: Tone;
}

export class Marks {
  readonly #tones = new Map<HubRecord['type'], Tone>();
  readonly #human = new Column(Uint32Array);
  readonly #trouble = new Column(Uint32Array);

  take(seq: number, type: HubRecord['type']): void {
    let tone = this.#tones.get(type);
    if (tone === undefined) {
      tone = toneOfRecord({ type });
      this.#tones.set(type, tone);
    }
    if (tone === 'human') this.#human.add(seq);
    else if (tone === 'trouble') this.#trouble.add(seq);
  }

  /** So many places of a log of so many records, those with something in them; trouble before gates. */
  within(length: number, places: number): Mark[] {
    const marks = new Map<number, Mark>();
    const put = (seqs: ArrayLike<number>, tone: Tone) => {
      for (let index = 0; index < seqs.length; index++) {
        const seq = seqs[index] as number;
        marks.set(length <= places ? seq : Math.floor((seq / length) * places), { seq, tone });
      }
    };
    put(this.#human.numbers, 'human');
    put(this.#trouble.numbers, 'trouble');
    return [...marks.values()];
  }
}
