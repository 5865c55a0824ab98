/** Two processes that want one store (I16). */
import { setTimeout as wait } from 'node:timers/promises';
import type { Kind } from './kind.ts';

/** A lease that nobody outlasts, however busy the machine is. */
const longLeaseMs = 120_000;
/** Longest until a hub that is woken finds that it is over, in ms. */
const patienceMs = 60_000;

export const hubs: Kind = {
  name: 'hubs',
  about: 'others try to open a store that has a writer; the writer is killed, and two want to follow it',
  needsStrace: false,
  rounds: 50,
  sample: 1,
  async play({ ordeal, dice, count }) {
    const first = ordeal.start({ leaseMs: longLeaseMs });
    await first.until('open');
    for (let rival = 0; rival < 2; rival++) {
      await wait(dice.int(0, 50));
      const late = ordeal.start();
      await late.until('open', 'refused');
      if (late.has('open')) ordeal.complain('I16', `hub ${late.life} opened a store that belongs to hub ${first.life}`);
      count('refused');
    }
    if (first.has('failed')) ordeal.complain('I16', `hub ${first.life} failed because others wanted its store`);
    await first.kill();
    ordeal.judge();
    count('killed');
    const heirs = [ordeal.start(), ordeal.start()];
    await Promise.all(heirs.map((heir) => heir.until('open', 'refused')));
    const opened = heirs.filter((heir) => heir.has('open'));
    if (opened.length > 1) ordeal.complain('I16', 'two hubs opened one store');
    count(opened.length === 1 ? 'followed by one of two' : 'followed by neither');
    await wait(dice.int(0, 60));
    await ordeal.end();
    ordeal.judge();
    await ordeal.heal();
  },
};

const leaseMs = 150;

export const stops: Kind = {
  name: 'stops',
  about: 'a writer is stopped past its lease, another takes over, and the first is woken',
  needsStrace: false,
  rounds: 100,
  sample: 2,
  async play({ ordeal, dice, count }) {
    const first = ordeal.start({ leaseMs });
    await first.until('open');
    await wait(dice.int(0, 100));
    first.signal('SIGSTOP');
    await wait(leaseMs + dice.int(0, 100));
    const second = ordeal.start({ leaseMs: longLeaseMs });
    const tookOver = (await second.until('open', 'refused')) && second.has('open');
    if (tookOver) await wait(dice.int(0, 60));
    first.signal('SIGCONT');
    if (tookOver) {
      count('taken over');
      const fate = await Promise.race([first.ended, wait(patienceMs, undefined, { ref: false })]);
      if (fate !== 3 || !first.has('failed')) ordeal.complain('I16', `the first hub went on: ${fate} ${first.stderr}`);
      if (second.has('failed')) ordeal.complain('I16', 'the second hub failed when the first was woken');
    } else {
      count('stopped while it wrote'); // It had SQLite's own lock, and goes on with what is its own still.
      await wait(dice.int(0, 60));
      if (first.has('failed')) ordeal.complain('I16', 'nobody had taken over, and the first hub failed');
    }
    await ordeal.end();
    ordeal.judge();
    await ordeal.heal();
  },
};
