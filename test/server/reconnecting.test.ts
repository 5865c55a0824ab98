import { expect, test } from 'vitest';
import { createHub } from '../../src/hub/create-hub.ts';
import { foldLog } from '../../src/hub/picture.ts';
import { serveHub } from '../../src/server/serve-hub.ts';
import { rejection } from '../support/refusals.ts';
import { attach, logOf, servedHub } from '../support/served-hub.ts';
import { wireTo } from '../support/wire.ts';

test('three times the wire breaks in the middle of a batch: no gap, no duplicate (Hl1)', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  const wire = await wireTo(server.hubUrl);
  wire.breakAfter(200_000);
  using one = attach({ hubUrl: wire.hubUrl, token: server.token });
  await one.line.attached;
  for (let round = 1; round <= 3; round++) {
    for (let n = 0; n < 2000; n++) hub.submit({ type: 'x', payload: { round, n } });
    await hub.settled();
    await one.until(() => one.states.filter(({ state }) => state === 'lost').length === round);
    wire.breakAfter(300_000);
  }
  wire.breakAfter(Number.POSITIVE_INFINITY);
  const total = hub.status().seq;
  await one.until(() => one.records.length >= total);
  expect(one.records).toEqual(await logOf(hub));
  expect(foldLog(one.records)).toEqual(hub.picture());
});

test('while the line is broken nothing can be done; it comes back by itself', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  const wire = await wireTo(server.hubUrl);
  using one = attach({ hubUrl: wire.hubUrl, token: server.token });
  await one.line.attached;
  wire.cut();
  await one.until(() => one.states.length === 1);
  expect(await rejection(one.line.command({ name: 'pause', args: [] }))).toMatchObject({ code: 'conflict' });
  hub.submit({ id: 'meanwhile', type: 'x' });
  wire.mend();
  await one.until(() => one.states.length === 2 && one.records.length === 3);
  expect(one.states).toEqual([
    { state: 'lost', detail: 'the connection was lost' },
    { state: 'connected', detail: 'the hub is there again' },
  ]);
  await one.line.command({ name: 'pause', args: [] });
});

test('another hub in its place is not taken for the same', async () => {
  const first = await servedHub();
  const wire = await wireTo(first.server.hubUrl);
  using one = attach({ hubUrl: wire.hubUrl, token: first.server.token });
  await one.until(() => one.records.length === 1);
  const { port } = new URL(first.server.url);
  await first[Symbol.asyncDispose]();
  await one.until(() => one.states.length === 1);
  const other = await createHub({ project: 'shop' });
  const server = await serveHub(other, { port: Number(port), page: false, token: first.server.token });
  await one.until(() => one.states.length === 2);
  expect(one.states.at(-1)).toEqual({ state: 'ended', detail: 'this is another log than before: open it anew' });
  await server.close();
});
