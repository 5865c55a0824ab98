import { expect, test } from 'vitest';
import { configurationSchema, effectiveSettings, readConfiguration } from '../../src/hub/configuration.ts';
import { settingsOf } from '../../src/hub/settings.ts';
import { workingSpecValidator } from '../../src/hub/working-spec.ts';
import { createHub } from '../../src/index.ts';
import { configSchema } from '../../src/machines/config.ts';
import { refusal } from '../support/refusals.ts';
import { goodSpec, noon } from '../support/working-spec.ts';

test('without sources it is the defaults of the schema', () => {
  const { config, origins } = readConfiguration();

  expect(config).toEqual(configSchema.parse({}));
  expect(new Set(Object.values(origins).map(({ source }) => source))).toEqual(new Set(['default']));
});

test('every field of the schema is a setting, with a variable of its own', () => {
  const settings = settingsOf(configurationSchema);

  for (const key of Object.keys(configSchema.shape)) {
    expect(settings.some((setting) => setting.path[0] === key)).toBe(true);
  }
  expect(new Set(settings.map(({ variable }) => variable)).size).toBe(settings.length);
});

test('file, environment and options in rising precedence', () => {
  const { config, origins } = readConfiguration({
    file: { name: 'hub.yaml', text: 'inboxLimit: 5\nkeepFinished: 6\ndeadLetterLimit: 7' },
    env: { XSTATE_HUB_KEEP_FINISHED: '60', XSTATE_HUB_DEAD_LETTER_LIMIT: '70' },
    options: { deadLetterLimit: 700 },
  });

  expect(config).toMatchObject({ inboxLimit: 5, keepFinished: 60, deadLetterLimit: 700 });
  expect(origins).toMatchObject({
    inboxLimit: { source: 'file', file: 'hub.yaml', line: 1 },
    keepFinished: { source: 'environment', variable: 'XSTATE_HUB_KEEP_FINISHED' },
    deadLetterLimit: { source: 'options' },
  });
});

test('XSTATE_HUB_CONFIG names the file and is no setting', () => {
  expect(readConfiguration({ env: { XSTATE_HUB_CONFIG: 'hub.yaml' } })).toEqual(readConfiguration());
  expect(refusal(() => readConfiguration({ env: { XSTATE_HUB_INBOX_LIMT: '5' } }))).toMatchObject({
    code: 'invalid',
    message: 'XSTATE_HUB_INBOX_LIMT: is not known here; did you mean XSTATE_HUB_INBOX_LIMIT?',
  });
});

test('what comes out can be given to a hub and to a validator', async () => {
  const { config, workingSpec } = readConfiguration({
    env: { XSTATE_HUB_INBOX_LIMIT: '5', XSTATE_HUB_WORKING_SPEC_TIER2_CONTRACTS: 'false' },
  });
  const hub = await createHub({ project: 'p', config });
  const { value: started } = await hub.log().next();

  expect(started).toMatchObject({ type: 'hub.started', payload: { config: { inboxLimit: 5 } } });
  expect(workingSpecValidator(workingSpec)({ ...goodSpec(), contracts: [] }, noon).valid).toBe(true);
  await hub.stop();
});

test('effective settings have value and origin beside what the schema says', () => {
  const settings = effectiveSettings(readConfiguration({ options: { workingSpec: { tier1: { maxFiles: 3 } } } }));

  expect(settings.find(({ key }) => key === 'workingSpec.tier1.maxFiles')).toEqual({
    key: 'workingSpec.tier1.maxFiles',
    variable: 'XSTATE_HUB_WORKING_SPEC_TIER1_MAX_FILES',
    description: 'most files that work in risk tier 1 may change',
    type: 'a whole number, at least 0',
    default: 25,
    value: 3,
    origin: { source: 'options' },
  });
});
