/** The ways that messages take over the floor: always by the hub. */
import { anybody, type Party } from '../../model/flow.ts';
import type { Layout, Spot } from './layout.ts';
import type { OpenGate } from './scene.ts';

/** One spoke, in one direction. */
export interface Leg {
  readonly party: Party;
  readonly inward: boolean;
  readonly from: Spot;
  readonly to: Spot;
}

/** How many open gates are shown, and how wide each one is with what is between it and the next, in px. */
export function seatsFor(gates: number, width: number): { readonly shown: number; readonly pitch: number } {
  const most = width < 620 ? 1 : 3;
  const seats = Math.min(gates, most + 1);
  return { shown: most, pitch: Math.min(gates === 1 ? 320 : 196, (width - 24) / Math.max(1, seats)) };
}

export class Places {
  readonly #layout: Layout;
  readonly #index: Map<string, number>;
  readonly #seats = new Map<Party, Spot>();

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#index = new Map(layout.order.map(({ id }, index) => [id, index]));
  }

  /** Humans stand side by side, each below what they are asked. */
  seat(gates: readonly OpenGate[]): void {
    const { humans, size } = this.#layout;
    const { shown, pitch } = seatsFor(gates.length, size.width);
    this.#seats.clear();
    for (const [index, { id, approvers }] of gates.entries()) {
      const seat = Math.min(index, shown);
      const spot = { x: humans.x + (seat - (Math.min(gates.length, shown + 1) - 1) / 2) * pitch, y: humans.y };
      for (const party of [
        `gate:${id}`,
        ...(approvers.length === 0 ? [anybody] : approvers.map((name) => `human:${name}`)),
      ]) {
        if (!this.#seats.has(party)) this.#seats.set(party, spot);
      }
    }
  }

  indexOf(agentId: string): number | undefined {
    return this.#index.get(agentId);
  }

  spotAt(index: number): Spot {
    const { spots } = this.#layout;
    return { x: spots[2 * index] ?? 0, y: spots[2 * index + 1] ?? 0 };
  }

  spotOf(party: Party): Spot {
    const { hub, humans, outside } = this.#layout;
    if (party.startsWith('agent:')) {
      const index = this.#index.get(party.slice('agent:'.length));
      return index === undefined ? hub : this.spotAt(index);
    }
    if (party.startsWith('human:') || party.startsWith('gate:')) return this.#seats.get(party) ?? humans;
    return party.startsWith('outside:') ? outside : hub;
  }

  /** Whether a message to it stays within the hub. */
  isInside(party: Party): boolean {
    return this.spotOf(party) === this.#layout.hub;
  }

  /** @param gap room that is left at the agent's end, in px */
  legsOf(from: Party, to: Party, gap = this.#layout.radius + 4): readonly Leg[] {
    const legs: Leg[] = [];
    if (!this.isInside(from)) legs.push(this.#leg(from, true, gap));
    if (!this.isInside(to)) legs.push(this.#leg(to, false, gap));
    return legs;
  }

  #leg(party: Party, inward: boolean, gap: number): Leg {
    const { hub } = this.#layout;
    const spot = this.spotOf(party);
    const length = Math.hypot(spot.x - hub.x, spot.y - hub.y) || 1;
    const along = (at: number): Spot => ({
      x: hub.x + ((spot.x - hub.x) * at) / length,
      y: hub.y + ((spot.y - hub.y) * at) / length,
    });
    const rim = along(hub.radius + 9);
    const end = along(Math.max(hub.radius + 9, length - gap));
    return inward ? { party, inward, from: end, to: rim } : { party, inward, from: rim, to: end };
  }
}

export const between = (from: Spot, to: Spot, share: number): Spot => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

/** Where something is on its way from leg to leg. */
export function alongLegs(legs: readonly Leg[], share: number): Spot | null {
  const index = Math.min(legs.length - 1, Math.floor(share * legs.length));
  const leg = legs[index];
  return leg === undefined ? null : between(leg.from, leg.to, share * legs.length - index);
}
