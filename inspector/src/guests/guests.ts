/**
 * Actors of other apps, made with any XState, that show themselves to this page.
 *
 * - N1 what they send is shown and never run.
 */
import { Signal } from '../model/signal.ts';
import { type GuestState, guestChart } from './guest-chart.ts';

interface GuestEvent {
  /** From 1. */
  readonly number: number;
  readonly type: string;
  readonly data: unknown;
}

export interface Guest {
  readonly sessionId: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly chart: GuestState;
  value: unknown;
  context: unknown;
  isOver: boolean;
  /** The last ones, oldest first. */
  readonly events: GuestEvent[];
  /** All that there were. */
  eventCount: number;
}

/** Most events to keep of one actor. */
const mostEvents = 500;

export class Guests {
  readonly signal = new Signal();
  readonly actors = new Map<string, Guest>();
  /** Where they come from, for people. */
  readonly from: string;
  trouble: string | null = null;

  constructor(from: string) {
    this.from = from;
  }

  arrive(sessionId: string, name: string, parentId: string | null, definition: unknown): void {
    const known = this.actors.get(sessionId);
    if (known !== undefined) return;
    const chart = guestChart(definition);
    const [value, context] = [undefined, undefined];
    this.actors.set(sessionId, {
      sessionId,
      name,
      parentId,
      chart,
      value,
      context,
      isOver: false,
      events: [],
      eventCount: 0,
    });
    this.signal.changed();
  }

  move(sessionId: string, { value, context }: { readonly value?: unknown; readonly context?: unknown }): void {
    const guest = this.actors.get(sessionId);
    if (guest === undefined) return;
    guest.value = value;
    guest.context = context;
    this.signal.changed();
  }

  take(sessionId: string, type: string, data: unknown): void {
    const guest = this.actors.get(sessionId);
    if (guest === undefined) return;
    guest.eventCount++;
    guest.events.push({ number: guest.eventCount, type, data });
    if (guest.events.length > mostEvents) guest.events.shift();
    this.signal.changed();
  }

  end(sessionId: string): void {
    const guest = this.actors.get(sessionId);
    if (guest === undefined) return;
    guest.isOver = true;
    this.signal.changed();
  }

  fail(trouble: string): void {
    this.trouble = trouble;
    this.signal.changed();
  }
}
