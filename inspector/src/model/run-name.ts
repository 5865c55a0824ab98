/** What a run is called where several are open: no two alike. */
import { gallery } from './gallery.ts';
import type { Player } from './player.ts';

/** Its title, and whatever tells it from the others: `auth-system`, `seed 42`, `edited`, `fork at 35`, `no. 2`. */
export function nameOf(player: Player, players: readonly Player[]): string[] {
  const own = ownName(player);
  const alike = players.slice(0, players.indexOf(player)).filter((one) => ownName(one).join() === own.join());
  return alike.length === 0 ? own : [...own, `no. ${alike.length + 1}`];
}

function ownName({ run: { opened, origin }, forkOf }: Player): string[] {
  const known = gallery.find(({ name }) => name === opened.title);
  const isEdited = known !== undefined && origin.kind === 'simulation' && origin.text !== known.text;
  return [
    opened.title,
    ...(opened.seed === null ? [] : [`seed ${opened.seed}`]),
    ...(isEdited ? ['edited'] : []),
    ...(forkOf === null ? [] : [`fork at ${forkOf.seq}`]),
  ];
}
