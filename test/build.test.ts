import { expect, test, vi } from 'vitest';
import { createActor, createMachine } from 'xstate';

test("each project runs under its own build of XState: 'development' the one that warns, 'production' the other", ({
  task,
}) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const actor = createActor(createMachine({})).start();
  actor.stop();
  actor.send({ type: 'too late' });
  const warnings = { production: 0, development: 1 };
  expect(Object.keys(warnings)).toContain(task.file.projectName);
  expect(warn).toHaveBeenCalledTimes(warnings[task.file.projectName as keyof typeof warnings]);
});
