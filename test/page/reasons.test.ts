/** The project, health and the reasons, at moments that nobody chose: what is shown is what the fold says. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { explainRecord, foldLog, openFold } from '../../src/index.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo, recordsOf } from './support/moments.ts';

/** By axe, in light and in dark. */
async function isForEveryone(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
  }
}

const text = (page: Page, selector: string) => page.locator(selector).first().textContent();

describe('what the hub thinks', () => {
  const built = builtPage();
  const open = (hash: string) => built.visit(hash);

  it('the project has at any moment the phase, the counters and the progress of the fold', async () => {
    const records = await recordsOf('auth-system');
    await using visitor = await open(`#scenario=auth-system&view=project&at=${records.length}`);
    const { page } = visitor;
    await page.getByRole('heading', { name: 'auth-system', level: 1 }).waitFor();
    for (const seq of drawn(4, records.length, 5)) {
      await goTo(page, seq);
      await page.getByText(`after record ${seq},`).waitFor();
      const { counters, phase } = foldLog(records.slice(0, seq)).status.projectState;
      await page.getByRole('combobox', { name: 'Compare with' }).selectOption('nothing');
      const leaves = await page.locator('.json-tree .leaf').allTextContents();
      expect(leaves).toEqual([
        `phase${phase}`,
        'metadata{}',
        ...Object.entries(counters).map(([name, count]) => `${name}${count}`),
      ]);
      const ended = counters.completed + counters.failed + counters.cancelled;
      const bar = page.getByRole('progressbar', { name: 'Tasks that have ended' });
      expect(await bar.getAttribute('aria-valuetext')).toBe(`${ended} of ${counters.submitted}`);
    }
    await isForEveryone(page);
  });

  it('the project shows what changed with which record, and between two moments', async () => {
    const records = await recordsOf('auth-system');
    const [first, second] = records.filter(({ type }) => type === 'project.updated').map(({ seq }) => seq);
    await using visitor = await open(`#scenario=auth-system&view=project&at=${records.length}`);
    const { page } = visitor;
    const changes = page.getByRole('region', { name: 'Changes' }).getByRole('listitem');
    await changes.getByText('phase: design').click();
    await page.getByText(`after record ${first},`).waitFor();
    await expect.poll(() => text(page, '.leaf.changed')).toBe('phaseinitial→designchanged');
    await page.getByRole('button', { name: 'Compare from here' }).click();
    await goTo(page, second ?? 0);
    await expect.poll(() => text(page, '.leaf.changed')).toBe('phasedesign→implementationchanged');
    const phases = page.getByRole('region', { name: 'Phases' }).getByRole('row');
    expect(await phases.count()).toBe(4);
  });

  it('health is the judgement of the hub, with its reasons and figures', async () => {
    const records = await recordsOf('late-answer');
    await using visitor = await open(`#scenario=late-answer&view=health&at=${records.length}`);
    const { page } = visitor;
    await page.getByRole('heading', { level: 1 }).waitFor();
    const seqs = [...drawn(3, records.length, 7), records.findIndex(({ type }) => type === 'agent.lost') + 1];
    for (const seq of seqs) {
      await goTo(page, seq);
      const fold = openFold();
      for (const record of records.slice(0, seq)) fold.next(record);
      const { components } = fold.health();
      const parts = () => page.getByRole('region', { name: 'Judgement' }).locator('.state-label').allTextContents();
      const states = [components.queue, components.agents, components.drivers, components.store];
      await expect.poll(parts, { message: `record ${seq}` }).toEqual(states.map(({ state }) => state));
      for (const reason of states.flatMap(({ reasons }) => reasons)) await page.getByText(reason).first().waitFor();
      const agents = fold.picture().status.agents;
      const rows = page.getByRole('table', { name: 'Agents' }).getByRole('row');
      await expect.poll(() => rows.count()).toBe(agents.length + 1);
    }
    await isForEveryone(page);
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('region', { name: 'Tasks' }).getByRole('columnheader', { name: 'waiting' }).waitFor();
    await isForEveryone(page);
  });

  it('agents are sorted by any figure', async () => {
    await using visitor = await open('#scenario=circuit-breaker&view=health&at=45');
    const { page } = visitor;
    const table = page.getByRole('table', { name: 'Agents' });
    const names = () => table.getByRole('row').locator('[role=cell]:first-child').allTextContents();
    await table.getByRole('button', { name: 'Failed' }).click();
    await expect.poll(names).toEqual(['builder-1', 'builder-2']);
    await table.getByRole('button', { name: 'Failed' }).click();
    await expect.poll(names).toEqual(['builder-2', 'builder-1']);
    const header = table.getByRole('columnheader', { name: 'Failed' });
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
  });

  it('the charts say of a moment what the figures say, whatever else its instant holds', async () => {
    const records = await recordsOf('limits');
    await using visitor = await open(`#scenario=limits&view=health&at=${records.length}`);
    const { page } = visitor;
    await page.getByRole('heading', { level: 1 }).waitFor();
    const figure = (name: string) =>
      page.locator('.key-figures > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
    const chart = (title: string) =>
      page.getByRole('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    for (const seq of [60, 5, 0]) {
      await goTo(page, seq);
      const fold = openFold();
      for (const record of records.slice(0, seq)) fold.next(record);
      const { counters } = fold.picture().status.projectState;
      const waiting = fold.picture().queue.length;
      await expect.poll(() => figure('At work').textContent()).toContain(`${waiting} waiting`);
      expect(await figure('Success').textContent()).toContain(`${counters.completed} completed`);
      expect(await chart('Ended').locator('.legend').textContent()).toContain(`completed ${counters.completed}`);
      expect(await chart('Tasks').locator('.legend').textContent()).toContain(`waiting ${waiting}`);
    }
    // At the beginning nothing waits yet, though six do before that instant is over.
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const first = page.getByRole('region', { name: 'Tasks', exact: true }).getByRole('row').nth(1);
    await expect.poll(() => first.allInnerTexts()).toEqual(['0:00:00\t0\t0']);
    expect(await figure('Throughput').textContent()).toMatch(/at the pace so far: \d+ ended in/);
    await page.getByRole('table', { name: 'Agents' }).getByRole('columnheader', { name: 'Score' }).waitFor();
  });

  it('a dead letter is purged at the end, and the log says so', async () => {
    const records = await recordsOf('late-answer');
    const died = records.findIndex(({ type }) => type === 'deadletter.added') + 1;
    await using visitor = await open(`#scenario=late-answer&view=health&at=${died}`);
    const { page } = visitor;
    const letters = page.getByRole('region', { name: 'Dead letters' });
    await letters.getByText('it came too late').waitFor();
    await page.getByRole('button', { name: 'To the end' }).click();
    await letters.getByRole('button', { name: 'Purge', exact: true }).click();
    await letters.getByText('none: whatever was sent has arrived').waitFor();
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByRole('button', { name: 'deadletter.purge' }).waitFor();
  });

  it('why: of every record the charts that it moved, and what their guards said', async () => {
    const records = await recordsOf('loop-to-human');
    const asked = records.filter((record) => explainRecord(records, record.seq).steps.some(hasGuard));
    await using visitor = await open(`#scenario=loop-to-human&view=why&at=${records.length}`);
    const { page } = visitor;
    for (const { seq, type } of [...drawn(3, records.length, 11).map((one) => records[one - 1]), asked[0]].flatMap(
      (record) => record ?? [],
    )) {
      await goTo(page, seq);
      await page.getByRole('heading', { level: 1, name: type }).waitFor();
      await page.getByText(`record ${seq} at`).waitFor();
      const { steps } = explainRecord(records, seq);
      const shown = () =>
        page.getByRole('article').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      await expect
        .poll(shown, { message: `record ${seq}` })
        .toEqual(steps.map((step) => `${step.actor}: ${step.summary}`));
      const verdicts = steps.flatMap(({ tried }) =>
        tried.map(({ isTaken, held, guard }) =>
          isTaken ? 'taken' : held === null ? 'not asked: one before it was taken' : `${guard} said no`,
        ),
      );
      const told = await page.locator('.tried td:last-child').allTextContents();
      expect(told.map((one) => one.replace(/ to \S+$/, ''))).toEqual(verdicts);
    }
    await isForEveryone(page);
  });

  it('a record goes from one to the other in every view alike, and nobody reads an id for a question', async () => {
    const records = await recordsOf('auth-system');
    await using visitor = await open(`#scenario=auth-system&view=log&at=${records.length}`);
    const { page } = visitor;
    const ways = {
      'consultation.answered': 'hub → backend-1',
      'gate.open': 'security-1 → ann',
      'gate.decide': 'ann → hub',
    };
    for (const [type, way] of Object.entries(ways)) {
      const { seq } = records.find((record) => record.type === type) as (typeof records)[number];
      await page.getByRole('button', { name: 'Log', exact: true }).click();
      await goTo(page, seq);
      await page.locator('.log-row.current').getByText(way, { exact: true }).waitFor();
      await page.locator('.log-row.current').getByRole('button').click();
      await page.getByRole('complementary', { name: 'Selected' }).getByText(way).waitFor();
      await page.getByRole('button', { name: 'Why', exact: true }).click();
      await page.getByText(`record ${seq} at`).getByText(way).waitFor();
      await page.locator('.chain [aria-current]').getByText(way, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Floor', exact: true }).click();
      await page.locator('.floor-caption').getByText(way, { exact: true }).waitFor();
    }
    const asked = records.find(({ type }) => type === 'consultation.asked')?.seq ?? 0;
    await goTo(page, asked);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Actors', exact: true }).click();
    await page.getByRole('treeitem', { name: /auth-002-backend/ }).click();
    await page.getByRole('button', { name: '“Is this authentication approach secure?”' }).waitFor();
  });

  it('why: who was chosen and who was there; why another waits; what led to it and what came of it', async () => {
    const records = await recordsOf('priorities');
    const { seq, payload } = records.find(({ type }) => type === 'task.assigned') as (typeof records)[number] & {
      payload: { agentId: string; routing: { reason: string } };
    };
    await using visitor = await open(`#scenario=priorities&view=why&at=${records.length}`);
    const { page } = visitor;
    await goTo(page, seq);
    const grounds = page.getByRole('region', { name: 'Why this agent' });
    await grounds.getByText(payload.routing.reason).waitFor();
    await grounds.getByRole('row').filter({ hasText: payload.agentId }).getByText('yes').first().waitFor();
    const chain = page.getByRole('region', { name: 'Causes and consequences' });
    expect(await chain.locator('[aria-current] .chain-type').textContent()).toBe('task.assigned');
    expect(await chain.locator('.chain-type').first().textContent()).toBe('task.submit');
    await chain.getByRole('button', { name: 'task.submit' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'task.submit' }).waitFor();
    const waiting = records.find(
      (record) =>
        record.type === 'task.enqueued' &&
        foldLog(records.slice(0, record.seq + 1)).queue.includes(record.payload.taskId),
    );
    if (waiting === undefined) throw new Error('nothing waits in this scenario');
    await goTo(page, waiting.seq);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Why it waits' }).waitFor();
    await isForEveryone(page);
  });

  it('why: an event that a chart ignores has no transition in that state (G13)', async () => {
    const acts = encodeURIComponent(JSON.stringify([[5, null, 'resumeAgent', 'backend-1']]));
    await using visitor = await open(`#scenario=auth-system&view=log&at=40&acts=${acts}`);
    const { page } = visitor;
    await page.getByRole('searchbox').fill('agent.resume');
    await page.getByRole('button', { name: 'agent.resume' }).click();
    await page.getByRole('button', { name: 'Why', exact: true }).click();
    await page.getByText(/no transition for agent.resumed in state/).waitFor();
  });
});

const hasGuard = ({ tried }: { readonly tried: readonly { readonly guard: string | null }[] }) =>
  tried.some(({ guard }) => guard !== null);
