import { expect, test } from 'vitest';
import { waitingBy, waitingOf } from '../../inspector/src/model/waiting.ts';
import { foldLog } from '../../src/index.ts';
import { playScenario, readScenario } from '../../src/testing.ts';
import { scenarioText } from './support/recorded-run.ts';

test.each(['many-types', 'no-agent', 'priorities', 'limits', 'drain'])(
  'in %s the picture knows who could take a task as the hub does',
  async (name) => {
    const play = await playScenario(readScenario(scenarioText(name), name));
    const { hub, records } = play.simulation;
    let compared = 0;
    do {
      const { tasks, queue, status } = foldLog(records());
      for (const id of queue) {
        const task = tasks.find((one) => one.id === id);
        if (task === undefined) throw new Error(`${id} is not there`);
        const byHub = waitingBy(hub.explainRouting(id));
        const byPicture = waitingOf(task, status.agents, status.state);
        expect(byPicture.able.map(({ agentId }) => agentId)).toEqual(byHub.able.map(({ agentId }) => agentId));
        expect(byPicture.unable).toEqual(byHub.unable.map(({ agentId, why }) => ({ agentId, why })));
        if (byHub.able.length === 0) expect(byPicture.summary).toBe(byHub.summary);
        compared++;
      }
    } while (await play.advance());
    expect(compared).toBeGreaterThan(0);
  },
);
