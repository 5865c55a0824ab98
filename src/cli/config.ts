/** `xstate-hub config`: the effective configuration, and where each value comes from. */
import { parseArgs } from 'node:util';
import { type EffectiveSetting, effectiveSettings } from '../hub/configuration.ts';
import { originText } from '../hub/merge-sources.ts';
import { refuse } from './bad-input.ts';
import { type Command, type Paint, painter, UsageError } from './command.ts';
import { configurationFile, effectiveConfiguration } from './configuration-file.ts';
import { printable } from './style.ts';

export const config: Command = {
  name: 'config',
  summary: 'print the effective configuration and where it comes from',
  usage: `Usage: xstate-hub config [--config FILE] [--json]

Prints every setting: its key, its value, where that comes from, and what it is for.

  --config FILE  YAML or JSON; default: the file that XSTATE_HUB_CONFIG names, if any
  --json         as JSON: { config, settings: [{ key, value, origin, default, type, variable, description }] }

A value comes from the last of these that sets it: the default, the file, a variable of the environment
(inboxLimit is XSTATE_HUB_INBOX_LIMIT, workingSpec.tier1.maxFiles is XSTATE_HUB_WORKING_SPEC_TIER1_MAX_FILES).

Exit codes: 0 printed, 2 something in it is not known or has the wrong type`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [extra] = positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" is one too many; a file goes behind --config`);
    const file = configurationFile(values.config, io);
    try {
      const configuration = await effectiveConfiguration(file, io);
      const settings = effectiveSettings(configuration);
      const { config, workingSpec } = configuration;
      io.stdout.write(
        values.json
          ? `${JSON.stringify({ config: { ...config, workingSpec }, settings }, null, 2)}\n`
          : table(settings, painter(io)),
      );
      return 0;
    } catch (error) {
      return refuse(error, file ?? 'environment', values.json, io);
    }
  },
};

function table(settings: readonly EffectiveSetting[], paint: Paint): string {
  const heading = ['key', 'value', 'from'];
  const cells = settings.map(cellsOf);
  const widths = heading.map((_head, column) =>
    Math.max(...[heading, ...cells].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const lines = settings.map((setting, index) => {
    const text = line(cells[index] ?? []);
    const isSet = setting.origin.source !== 'default';
    return `${isSet ? paint('bold', text) : text}  ${paint('dim', setting.description)}`.trimEnd();
  });
  return `${[paint('dim', `${line(heading)}  what it is for`), ...lines].join('\n')}\n`;
}

const cellsOf = ({ key, value, origin }: EffectiveSetting): readonly string[] => [
  key,
  value === undefined ? 'not set' : printable(typeof value === 'string' ? value : JSON.stringify(value)),
  printable(originText(origin)),
];
