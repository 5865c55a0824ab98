/**
 * What a person writes about where a run is to stop, read as a breakpoint.
 *
 * - K1 words that the page shows mean what they show: `backend-1`, `consulting`.
 * - K2 what can never come about is refused, with what there is instead.
 */
import type { ChartDescription } from 'xstate-hub/machines';
import type { Breakpoint } from '../engine/protocol.ts';
import { wordsOf } from './tone.ts';

type When = Breakpoint['when'];

export type Read<T> = { readonly is: T } | { readonly trouble: string };

export interface Known {
  /** Those that there have been so far, by their ids: `task:t1`. */
  readonly actors: ReadonlyMap<string, unknown>;
  readonly charts: readonly ChartDescription[];
  readonly types: readonly string[];
}

const listed = (words: readonly string[]): string => words.join(', ');

/** The hub's own life is no actor's: what it does are records. */
const kindsOf = (charts: readonly ChartDescription[]): string[] =>
  charts.map(({ id }) => id).filter((id) => id !== 'hub');

/** @param text `backend-1`, `agent backend-1`, or `task:t9` of one that is still to come */
export function readActor(text: string, { actors, charts }: Known): Read<string> {
  const kinds = kindsOf(charts);
  const [, kind, name = ''] = /^([a-z]+)[:\s]\s*(.+)$/.exec(text) ?? [];
  if (kind !== undefined && kinds.includes(kind)) return { is: `${kind}:${name}` };
  const found = kinds.map((one) => `${one}:${text}`).filter((id) => actors.has(id));
  if (found[0] === undefined)
    return { trouble: `There is no ${text} so far. One that is still to come is written with its kind: task:${text}.` };
  return found.length === 1 ? { is: found[0] } : { trouble: `There are several: ${listed(found)}.` };
}

/** The states that an actor of that kind can be in, as the page shows them. */
export function stateWords(kind: string, charts: readonly ChartDescription[]): string[] {
  return charts.find(({ id }) => id === kind)?.states.map(({ path }) => wordsOf(path)) ?? [];
}

function readState(text: string, kind: string, charts: readonly ChartDescription[]): Read<string> {
  const paths = charts.find(({ id }) => id === kind)?.states.map(({ path }) => path) ?? [];
  const is = paths.find((path) => path === text) ?? paths.find((path) => wordsOf(path) === wordsOf(text).trim());
  if (is !== undefined) return { is };
  const article = /^[aeiou]/.test(kind) ? 'An' : 'A';
  return { trouble: `${article} ${kind} is never ${text}. It can be: ${listed(stateWords(kind, charts))}.` };
}

export function readStateStop(actor: string, state: string, known: Known): Read<When> {
  const who = readActor(actor.trim(), known);
  if ('trouble' in who) return who;
  const where = readState(state.trim(), who.is.slice(0, who.is.indexOf(':')), known.charts);
  return 'trouble' in where ? where : { is: { actor: who.is, state: where.is } };
}

export function readTypeStop(written: string, { types }: Known): Read<When> {
  const text = written.trim();
  if (types.includes(text)) return { is: { recordType: text } };
  const near = types.filter((type) => type.startsWith(`${text.split('.')[0]}.`));
  return { trouble: `No record is of type ${text}.${near.length > 0 ? ` There are: ${listed(near)}.` : ''}` };
}
