/** Playing, stepping and stopping: what is shown, whatever a person clicks meanwhile. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Player } from '../../inspector/src/model/player.ts';
import { logHash } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { TestRun } from './support/runs.ts';

const text = readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8');

/** Time passes at once, and frames come when they are asked for. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', (call: () => void) => setTimeout(call, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** Until the player stands still by itself. */
async function untilStill(player: Player, most = 20_000): Promise<void> {
  for (let turn = 0; player.isPlaying && turn < most; turn++) {
    await macrotask();
    vi.advanceTimersByTime(5_000);
  }
}

const isEachOnce = (shown: readonly number[]) => shown.every((seq, index) => seq === index + 1);

describe('a step', () => {
  test('is one record, however fast it is clicked (V1)', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    await Promise.all(Array.from({ length: 50 }, () => player.forward()));
    expect(run.position).toBe(50);
    expect(isEachOnce(run.shown)).toBe(true);
    player.back();
    player.back();
    expect(run.position).toBe(48);
    await player.forward();
    expect(run.position).toBe(49);
  });

  test('is one record in the middle of a turn, too', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.toHead();
    while (run.head === run.position) await player.forward();
    const { position, head } = run;
    await player.forward();
    expect([run.position, run.head]).toEqual([position + 1, head]);
  });

  test('that was asked for before somebody goes elsewhere is not taken there (V5)', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.toHead();
    const step = player.forward();
    player.seek(3);
    await step;
    expect(run.position).toBe(3);

    player.toHead();
    const another = player.forward();
    while (!run.isAdvancing) await Promise.resolve();
    player.seek(4);
    await another;
    expect(run.position).toBe(4);
  });
});

describe('a moment that a link leads to', () => {
  test('is shown as soon as it is there', async () => {
    const run = await TestRun.open(text);
    await run.player.goTo(40);
    expect(run.position).toBe(40);
    expect(run.head).toBeGreaterThanOrEqual(40);
  });

  test('is not shown when somebody goes elsewhere before it is there (V5)', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    const arrival = player.goTo(40);
    while (!run.isAdvancing) await Promise.resolve();
    player.seek(3);
    await arrival;
    expect(run.position).toBe(3);
  });
});

describe('playing', () => {
  test.each([0.1, 1, 16])('at %s times the speed shows each record once, and ends (V2)', async (speed) => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.setSpeed(speed);
    player.play();
    await untilStill(player);
    expect(run.isOver).toBe(true);
    expect(player.stoppedBy).toBe('over');
    expect(run.shown.at(-1)).toBe(run.head);
    expect(isEachOnce(run.shown)).toBe(true);
  });

  test('with the speed changed, paused and played at random ends with the log of a run in Node (V2)', async () => {
    const inNode = await runScenario(readScenario(text));
    const run = await TestRun.open(text);
    const { player } = run;
    const speeds = [1, Number.POSITIVE_INFINITY, 0.1, 16, Number.POSITIVE_INFINITY, 4];
    player.play();
    for (let turn = 0; !run.isOver; turn++) {
      player.setSpeed(speeds[turn % speeds.length] as number);
      if (turn % 3 === 0) player.toggle();
      if (turn % 5 === 0) void player.forward();
      if (turn % 11 === 0) player.back();
      if (!player.isPlaying && turn % 7 === 0) player.play();
      await macrotask();
      vi.advanceTimersByTime(200);
    }
    const records = run.records.filter(({ type }) => !type.startsWith('hub.stop'));
    expect(logHash(records)).toBe(inNode.log.hash);
  });

  test('that is paused shows nothing more, at any speed (V5)', async () => {
    for (const speed of [1, Number.POSITIVE_INFINITY]) {
      const run = await TestRun.open(text);
      const { player } = run;
      player.setSpeed(speed);
      player.play();
      await macrotask();
      player.pause();
      const { position } = run;
      for (let turn = 0; turn < 20; turn++) {
        await macrotask();
        vi.advanceTimersByTime(5_000);
      }
      expect(run.position).toBe(position);
      expect(run.isOver).toBe(false);
    }
  });

  test('as fast as possible leaves alone who went to another moment', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.setSpeed(Number.POSITIVE_INFINITY);
    player.play();
    await macrotask();
    run.seek(5);
    await untilStill(player);
    expect(run.isOver).toBe(true);
    expect(run.position).toBe(5);
  });

  test('that is over begins again from the beginning', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.setSpeed(Number.POSITIVE_INFINITY);
    player.play();
    await untilStill(player);
    expect(run.position).toBe(run.head);
    player.setSpeed(1);
    player.play();
    player.dispose();
    expect(run.shown.slice(-2)).toEqual([0, 1]);
  });

  test('that is over goes by again so that one sees it, as fast as possible as well', async () => {
    const run = await TestRun.open(text);
    const { player } = run;
    player.setSpeed(Number.POSITIVE_INFINITY);
    expect(player.offers).toBe('play');
    player.play();
    await untilStill(player);
    expect(player.offers).toBe('play again');
    const before = run.shown.length;
    player.play();
    expect(player.offers).toBe('pause');
    await untilStill(player);
    const again = run.shown.slice(before);
    expect(again.length).toBeGreaterThan(30);
    expect(again).toEqual(again.toSorted((a, b) => a - b));
    expect([again[0], again.at(-1)]).toEqual([0, run.head]);
  });

  test('is nothing to offer at the head of a hub, and offered in its past', async () => {
    const run = Object.assign(await TestRun.open(text), { isSimulation: false });
    const { player } = run;
    run.seek(run.head);
    expect(player.offers).toBe('nothing');
    player.play();
    expect(player.isPlaying).toBe(false);
    run.seek(run.head - 1);
    expect(player.offers).toBe('play');
    player.play();
    await untilStill(player);
    expect(run.position).toBe(run.head);
  });
});

describe('a breakpoint', () => {
  const stop = { id: 'b', when: { actor: 'agent:backend-1', state: 'active.waiting' } };

  test.each([1, Number.POSITIVE_INFINITY])(
    'stops at %s right at its record, ahead and in what is known (V4)',
    async (speed) => {
      const run = await TestRun.open(text);
      const { player } = run;
      run.breakpoints = [stop];
      player.setSpeed(speed);
      player.play();
      await untilStill(player);
      const { position } = run;
      expect(player).toMatchObject({ stoppedBy: 'breakpoint', hit: stop });
      expect(run.ledger.changesOf(position)).toContainEqual(
        expect.objectContaining({ actor: 'agent:backend-1', state: 'active.waiting' }),
      );
      expect(run.head).toBeGreaterThanOrEqual(position);

      player.seek(0);
      expect(player.hit).toBeNull();
      player.play();
      await untilStill(player);
      expect(run.position).toBe(position);

      player.play();
      await untilStill(player);
      expect(run.position).toBeGreaterThan(position);
    },
  );

  test('a gate that a person has to decide stops it, and is gone on from', async () => {
    const run = await TestRun.open(text, { humans: false });
    const { player } = run;
    player.setSpeed(Number.POSITIVE_INFINITY);
    player.play();
    await untilStill(player);
    expect(player.stoppedBy).toBe('gate');
    expect(run.records[run.position - 1]?.type).toBe('gate.open');
  });
});
