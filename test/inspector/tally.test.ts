import { expect, test } from 'vitest';
import { countTasks, Tally } from '../../inspector/src/model/tally.ts';
import type { Picture } from '../../src/index.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const names = ['auth-system', 'several-gates', 'cancel-while-consulting', 'retry', 'drain', 'zombie', 'ten-stages'];

const told = (picture: Picture) => {
  const states = (...wanted: string[]) => picture.tasks.filter(({ state }) => wanted.includes(state)).length;
  const { completed, failed, cancelled } = picture.status.tasks;
  return {
    hub: picture.status.state,
    gates: picture.gates.map(({ id }) => `gate:${id}`).sort(),
    consultations: picture.consultations.map(({ id }) => `consultation:${id}`).sort(),
    tasks: {
      queued: picture.queue.length,
      later: states('pending', 'retrying'),
      working: states('assigned', 'running.working'),
      asking: states('running.consulting'),
      atGate: states('running.awaitingHuman'),
      completed,
      failed,
      cancelled,
    },
  };
};

test.each(names)('of %s, at any moment and in any order, it tells what the fold does', async (name) => {
  const pictures: Picture[] = [];
  const run = recordedRun(await recordsOf(scenarioText(name)), ({ picture }) => pictures.push(picture));
  const tally = new Tally(run);
  const order = pictures.map((_, index) => index + 1).sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101));
  for (const seq of order) {
    const counts = tally.at(seq);
    expect({
      hub: counts.hub,
      gates: [...counts.openGates].sort(),
      consultations: [...counts.openConsultations].sort(),
      tasks: countTasks(counts),
    }).toEqual(told(pictures[seq - 1] as Picture));
  }
});

test('a long log is counted from where counts were kept', async () => {
  const tasks = Array.from({ length: 450 }, (_, index) => `  - { id: t${index}, type: work }`).join('\n');
  const text = `name: long\ndescription: long\nseed: 1\nproject: long\nagents: [{ id: a, type: worker }]\ntasks:\n${tasks}\nexpect: []\n`;
  const pictures = new Map<number, Picture>();
  const run = recordedRun(await recordsOf(text), ({ seq, picture }) => {
    if (seq % 370 === 1) pictures.set(seq, picture);
  });
  expect(run.head).toBeGreaterThan(2_100);
  const tally = new Tally(run);
  for (const [seq, picture] of [...pictures].reverse()) {
    expect(countTasks(tally.at(seq)), `at ${seq}`).toEqual(told(picture).tasks);
  }
});
