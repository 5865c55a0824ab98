import { expect, test } from 'vitest';
import { partsOf, unseenMatch } from '../../inspector/src/model/log-match.ts';
import { logOf } from './support/logs.ts';

test('a match that a person does not see is told with what stands around it', async () => {
  const [started] = await logOf('auth-system');
  if (started?.type !== 'hub.started') throw new Error('the log begins otherwise');
  const match = unseenMatch(started, ['gate'], 'hub.started hub → hub');
  expect(match).toMatch(/^….{0,24}gate.{0,24}…$/i);
  expect(unseenMatch(started, ['hub.started'], 'hub.started hub → hub')).toBeNull();
  expect(unseenMatch(started, ['nowhere'], '')).toBeNull();
});

test('what was looked for is marked, the longest word first', () => {
  const marked = (text: string, words: string[]) =>
    partsOf(text, words)
      .map(({ text: part, isMatch }) => (isMatch ? `[${part}]` : part))
      .join('');
  expect(marked('Gate opened, gates closed', ['gate'])).toBe('[Gate] opened, [gate]s closed');
  expect(marked('gates', ['gate', 'gates'])).toBe('[gates]');
  expect(marked('task', ['gate'])).toBe('task');
});
