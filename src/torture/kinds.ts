/** All that is done to stores, one kind after the other. */
import { setTimeout as wait } from 'node:timers/promises';
import { flips } from './flips.ts';
import { type Kind, type Round, type WriteCounts, wholeRun } from './kind.ts';
import { failAt, killAt, writeCalls } from './strace.ts';
import { hubs, stops } from './two-hubs.ts';

const killsPerStore = 10;

const kills: Kind = {
  name: 'kills',
  about: `kill -9 at random moments under load and while a hub opens, ${killsPerStore} times on each store`,
  needsStrace: false,
  rounds: 100,
  sample: 1,
  async play({ ordeal, dice, count }) {
    for (let kill = 0; kill < killsPerStore; kill++) {
      const victim = ordeal.start({ atOnce: dice.int(2, 12), paceMs: dice.int(0, 2) });
      if (dice.chance(0.3)) await wait(dice.int(0, 500));
      else if (await victim.until('open')) await wait(dice.int(0, 120));
      const where = victim.has('open') ? 'under load' : 'while it opened';
      const fate = await victim.kill();
      if (fate !== 'SIGKILL') ordeal.complain('I22', `it ended by itself, with ${fate}: ${victim.stderr}`);
      count(where);
      ordeal.judge();
    }
    await ordeal.heal();
  },
};

const writes: Kind = {
  name: 'writes',
  about: 'a run of some 500 records, killed in place of each of its writes and syncs',
  needsStrace: true,
  rounds: (counts) => callsOf(counts).length,
  sample: 8,
  async play({ ordeal, number, writes: counts, count }) {
    const [call, nth] = callsOf(counts)[number - 1] ?? ['pwrite64', number];
    const fate = await ordeal.start(wholeRun, killAt(call, nth)).ended;
    count(fate === 0 ? 'finished before' : call);
    ordeal.judge(fate === 0);
    await ordeal.heal();
  },
};

/** Each write of a whole run: which call, and which of them. */
const callsOf = (counts: WriteCounts): (readonly [call: string, nth: number])[] =>
  writeCalls.flatMap((call) => Array.from({ length: counts.get(call) ?? 0 }, (_, index) => [call, index + 1] as const));

const errors: Kind = {
  name: 'errors',
  about: 'EIO and ENOSPC at a write or sync, once and from then on',
  needsStrace: true,
  rounds: 400,
  sample: 4,
  async play({ ordeal, dice, writes: counts, count }: Round) {
    const call = dice.pick(writeCalls.filter((one) => counts.has(one)));
    const error = dice.pick(['EIO', 'ENOSPC'] as const);
    const isForGood = dice.chance(0.5);
    const strace = failAt(call, dice.int(1, counts.get(call) ?? 1), error, isForGood);
    const victim = ordeal.start(wholeRun, strace);
    const fate = await victim.ended;
    if (fate !== 0 && fate !== 3) ordeal.complain('I24', `it ended with ${fate}: ${victim.stderr}`);
    count(`${error} of ${call}${isForGood ? ' for good' : ''}`);
    count(victim.has('refused') ? 'did not open' : victim.has('failed') ? 'stopped' : 'went on');
    ordeal.judge();
    await ordeal.heal();
  },
};

export const kinds: readonly Kind[] = [kills, writes, errors, hubs, stops, flips];
