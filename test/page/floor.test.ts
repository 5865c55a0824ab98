import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toneOf, wordsOf } from '../../inspector/src/model/tone.ts';
import { foldLog, type HubRecord, type Picture } from '../../src/index.ts';
import { recordsOf, scenarioText } from '../inspector/support/recorded-run.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { blankCanvases, coloursOn, pixelsOf, spokenCanvases } from './support/canvas.ts';

const canvas = '.floor-canvas';

/** Every agent in the picture: its name, the words of its state, and whether its mark is painted in its tone. */
async function agentsOn(page: Page) {
  const agents = [];
  for (const option of await page.getByRole('listbox', { name: 'Agents' }).getByRole('option').all()) {
    const [id = '', said = ''] = ((await option.getAttribute('aria-label')) ?? '').split(': ');
    agents.push({ id, words: said.split('; ')[0] ?? '', option });
  }
  return agents;
}

async function paintedOn(page: Page, { status }: Picture): Promise<string[]> {
  const painted = [];
  for (const { id, option } of await agentsOn(page)) {
    const state = status.agents.find((agent) => agent.id === id)?.state;
    const box = await option.boundingBox();
    if (state === undefined || box === null) continue;
    if ((await pixelsOf(page, canvas, box, toneOf('agent', state))) > 12) painted.push(id);
  }
  return painted.sort();
}

async function countsOn(page: Page): Promise<Record<string, number>> {
  const items = await page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').allTextContents();
  return Object.fromEntries(
    items.map((text) => {
      const [, count = '', words = ''] = /^([\d,]+) (.*)$/.exec(text.trim()) ?? [];
      return [words, Number(count.replace(',', ''))];
    }),
  );
}

async function playToEnd(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('status', { name: 'Result' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).waitFor();
}

/** Shows a moment, and waits until the floor does. */
async function show(page: Page, { seq, type }: HubRecord): Promise<void> {
  await page.getByRole('slider', { name: 'Moment' }).fill(String(seq));
  await page.getByText(new RegExp(`^${seq} / `)).waitFor();
  await page.locator('.floor-caption').getByText(type, { exact: true }).waitFor();
}

/** Some records, without order and always the same ones. */
const some = (records: readonly HubRecord[], count: number) =>
  [...records].sort((a, b) => ((a.seq * 7919) % 211) - ((b.seq * 7919) % 211)).slice(0, count);

describe('the floor', () => {
  const built = builtPage();
  let records: readonly HubRecord[];
  beforeAll(async () => {
    records = await recordsOf(scenarioText('auth-system'));
  });

  it('shows what the fold tells, at moments without order', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=floor');
    const { page } = visitor;
    await playToEnd(page);
    for (const record of some(records, 12)) {
      await show(page, record);
      const picture = foldLog(records.slice(0, record.seq));
      const { status, queue, gates, tasks } = picture;
      const shown = (await agentsOn(page)).map(({ id, words }) => ({ id, words }));
      expect(shown.filter(({ words }) => words !== 'not there yet').sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        status.agents.map(({ id, state }) => ({ id, words: wordsOf(state) })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      expect(await countsOn(page)).toMatchObject({
        queued: queue.length,
        'at a gate': tasks.filter(({ state }) => state === 'running.awaitingHuman').length,
        asking: tasks.filter(({ state }) => state === 'running.consulting').length,
        done: status.tasks.completed,
        failed: status.tasks.failed,
      });
      const reasons = await page.getByRole('list', { name: 'Open gates' }).locator('.reason').allTextContents();
      expect(reasons).toEqual(gates.map(({ reason }) => reason));
      expect(await paintedOn(page, picture)).toEqual(status.agents.map(({ id }) => id).sort());
    }
  });

  it('has no dots left over when time stops', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=floor', { reducedMotion: 'no-preference' });
    const { page } = visitor;
    await playToEnd(page);
    const floor = page.locator(canvas);
    const painted = () => floor.evaluate((one) => (one as HTMLCanvasElement).toDataURL());
    const left = await painted();
    const floorBox = await floor.boundingBox();
    const agent = await page.getByRole('option', { name: /^tester-1/ }).boundingBox();
    await page.mouse.move((agent?.x ?? 0) + 8, (agent?.y ?? 0) + 8);
    await expect.poll(painted).not.toBe(left);
    await page.mouse.move((floorBox?.x ?? 0) + 20, (floorBox?.y ?? 0) - 20);
    await page.locator('.floor-agents:not([data-pointed])').waitFor();
    expect((await painted()) === left).toBe(true);
  });

  it('is looked at by this test: where nothing is painted, nobody is found', async () => {
    const page = await blankCanvases(built.browser);
    await page.goto(`${built.url}#scenario=auth-system&view=floor&at=43`);
    await page.getByRole('option', { name: /^backend-1: waiting/ }).waitFor();
    expect(await coloursOn(page, canvas)).toBe(1);
    expect(await paintedOn(page, foldLog(records.slice(0, 43)))).toEqual([]);
    await page.close();
  });

  it('names who stands at the end of a line from outside, after their message, too', async () => {
    const { page, words } = await spokenCanvases(built.browser, { width: 1440, height: 900 });
    await page.goto(`${built.url}#scenario=many-types&at=30`);
    await expect.poll(words).toMatchObject({ 'task.enqueued': {}, client: {} });
    await page.close();
  });

  it('says what a message is on the side that it came from, on a narrow screen', async () => {
    const { page, words } = await spokenCanvases(built.browser, { width: 390, height: 844 });
    await page.goto(`${built.url}#scenario=auth-system&at=60`);
    await expect.poll(words).toMatchObject({ 'gate.decide': {}, running: {} });
    const { 'gate.decide': label, running: hub } = await words();
    expect(label?.y).toBeLessThan(hub?.y ?? 0);
    await page.close();
  });

  it('is walked over by arrow keys; Enter selects, and a click does', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=floor&at=43');
    const { page } = visitor;
    const floor = page.getByRole('listbox', { name: 'Agents' });
    await floor.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const selected = page.getByRole('complementary', { name: 'Selected' });
    await selected.getByRole('heading', { name: 'backend-1' }).waitFor();
    expect(await floor.getByRole('option', { selected: true }).getAttribute('aria-label')).toBe(
      'backend-1: waiting; asks security-2; Backend implementation',
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await selected.getByRole('heading', { name: /^security-[12]$/ }).waitFor();
    const box = await floor.getByRole('option', { name: /^tester-1/ }).boundingBox();
    await page.mouse.click((box?.x ?? 0) + 8, (box?.y ?? 0) + 8);
    await selected.getByRole('heading', { name: 'tester-1' }).waitFor();
  });

  it('lights what led to a record and what came of it, and says how much that is', async () => {
    const hash = '#scenario=auth-system&view=floor&at=53&actor=record:14';
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    const ids = new Set([records[13]?.id]);
    for (const { id, seq, causationId } of records) if (seq <= 53 && ids.has(causationId ?? '')) ids.add(id);
    await page.getByText(`2 before it, ${ids.size - 1} because of it`).waitFor();
    const ground = await page.locator(canvas).boundingBox();
    if (ground === null) throw new Error('there is no canvas');
    const asked = () => pixelsOf(page, canvas, ground, 'ask');
    expect(await asked()).toBeGreaterThan(100);
    await page.keyboard.press('Escape');
    await page.locator('.floor-caption').getByText('task.completed').waitFor();
    expect(await asked()).toBe(0);
  });

  it('has a table beside it that says the same', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=floor&at=43');
    const { page } = visitor;
    const table = page.getByRole('table', { name: 'Agents at this moment' });
    await table.getByRole('row', { name: /^backend-1/ }).waitFor();
    await page.getByRole('button', { name: 'Table' }).click();
    await page.waitForFunction(() => document.querySelector('.floor-table.only-read') === null);
    expect(await violations(page)).toEqual([]);
    expect(
      await table
        .getByRole('row', { name: /^backend-1/ })
        .getByRole('cell')
        .allTextContents(),
    ).toEqual(['backend-1', 'waiting', 'Backend implementation', 'asks security-2']);
  });

  it('has room for two thousand agents, with few elements and every mark in its tone', async () => {
    const agents = Array.from({ length: 2_000 }, (_, index) => `  - { id: a${index}, type: type-${index % 5} }`);
    const text = `name: crowd\ndescription: many\nseed: 1\nproject: crowd\nagents:\n${agents.join('\n')}\ntasks:\n  - { id: t, type: work }\nexpect: []\n`;
    await using visitor = await built.visit();
    const { page } = visitor;
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'crowd.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) });
    await playToEnd(page);
    const floor = page.getByRole('listbox', { name: 'Agents' });
    await floor.focus();
    await page.keyboard.press('End');
    await floor.getByRole('option', { name: /^a\d+$/ }).waitFor();
    expect(await page.locator('*').count()).toBeLessThan(3_000);
    const box = await page.locator(canvas).boundingBox();
    if (box === null) throw new Error('there is no canvas');
    expect(await pixelsOf(page, canvas, box, 'idle')).toBeGreaterThan(2_000);
    expect(await floor.getByRole('option').count()).toBe(1);
    await page.getByRole('button', { name: 'Closer' }).click();
    await page.getByRole('button', { name: 'The whole floor' }).click();
  });
});
