import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sequenceOf } from '../../src/index.ts';
import { readScenario, runScenario, simulate } from '../../src/testing.ts';

const line = /^ {2}(participant \w+ as [^;:#]+|\w+->>\w+: [^;\n]*|Note over \w+: [^;\n]*|%% .*)$/;
const withoutCodes = (text: string) => text.replace(/#\d+;/g, '');

test('each message is an arrow between those who speak, in order', async () => {
  const text = readFileSync(new URL('../../scenarios/messages.yaml', import.meta.url), 'utf8');
  const { records } = await runScenario(readScenario(text));
  const [first, ...lines] = sequenceOf(records).trimEnd().split('\n');
  expect(first).toBe('sequenceDiagram');
  for (const one of lines) expect(withoutCodes(one)).toMatch(line);
  const names = new Map(
    lines.flatMap((one) => [/participant (\w+) as (.*)/.exec(one)?.slice(1, 3) as [string, string]]).filter(Boolean),
  );
  const said = records.filter(({ type, from, to }) => type === 'message.send' && from !== to);
  const drawn = lines.filter((one) => one.includes(': message.send')).map((one) => /(\w+)->>(\w+)/.exec(one) ?? []);
  expect(drawn.map(([, a = '', b = '']) => [names.get(a), names.get(b)])).toEqual(
    said.map(({ from, to }) => [from, to]),
  );
});

test('what is in the text of a task breaks no line', async () => {
  const { hub, records, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [{ escalate: { reason: 'end\nparticipant x; "#<script>' } }] });
  hub.submit({ id: 't', type: 'x' });
  await settle();
  for (const one of sequenceOf(records()).trimEnd().split('\n').slice(1)) expect(withoutCodes(one)).toMatch(line);
});

test('of a very long log the first messages are drawn, and that is said', async () => {
  const { hub, records, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [], concurrency: 10 });
  for (let count = 0; count < 500; count++) hub.submit({ type: 'x' });
  await settle();
  expect(sequenceOf(records())).toMatch(/%% the first 2000 of \d+ messages/);
});
