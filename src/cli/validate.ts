/** `xstate-hub validate`: whether a working spec is fit to be worked on, and what its tier asks for. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { realEnvironment } from '../actors/environment.ts';
import type { ValidationFault, ValidationResult } from '../hub/validator.ts';
import { obligations, workingSpecValidator } from '../hub/working-spec.ts';
import type { WorkingSpecConfig } from '../hub/working-spec-config.ts';
import { type RiskTier, workingSpecSchema } from '../hub/working-spec-schema.ts';
import { readYaml, type YamlText } from '../hub/yaml-text.ts';
import { refuse } from './bad-input.ts';
import { type Command, type Paint, painter, UsageError } from './command.ts';
import { configurationFile, effectiveConfiguration } from './configuration-file.ts';
import { printable } from './style.ts';

export const validate: Command = {
  name: 'validate',
  summary: 'check a working spec and say what its tier asks for',
  usage: `Usage: xstate-hub validate SPEC.yaml [--json] [--config FILE]

Checks a CAWS working spec, in YAML or JSON: its shape, and the rules of its risk tier. Prints every fault
with its line and what to write instead, and what the tier obliges to.

  --json         { valid, errors, warnings }, each fault with field, message and maybe suggestion
  --config FILE  budgets, coverage and the like by tier; see xstate-hub help config

Exit codes: 0 valid (there may be warnings), 1 not valid, 2 not readable or not YAML`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, config: { type: 'string' } },
      allowPositionals: true,
    });
    const [file, extra] = positionals;
    if (file === undefined) throw new UsageError('which spec? Give one file');
    if (extra !== undefined) throw new UsageError(`one spec at a time: "${extra}" is one too many`);

    const configFile = configurationFile(values.config, io);
    let policy: WorkingSpecConfig;
    try {
      policy = (await effectiveConfiguration(configFile, io)).workingSpec;
    } catch (error) {
      return refuse(error, configFile ?? 'environment', values.json, io);
    }
    let text: YamlText;
    try {
      text = readYaml(await readFile(file, 'utf8'), file);
    } catch (error) {
      return refuse(error, file, values.json, io);
    }

    const result = workingSpecValidator(policy)(text.value, realEnvironment().now());
    io.stdout.write(values.json ? `${JSON.stringify(result)}\n` : report(file, text, result, policy, painter(io)));
    return result.valid ? 0 : 1;
  },
};

function report(
  file: string,
  text: YamlText,
  result: ValidationResult,
  policy: WorkingSpecConfig,
  paint: Paint,
): string {
  const faults = [
    ...result.errors.map((fault) => ({ ...fault, kind: paint('red', 'error') })),
    ...result.warnings.map((fault) => ({ ...fault, kind: paint('yellow', 'warning') })),
  ]
    .map((fault) => ({ ...fault, line: text.lineOf(fault.field.split('.')) }))
    .sort((a, b) => a.line - b.line);
  const tier = tierOf(text.value);
  return [
    ...faults.flatMap(({ kind, line, ...fault }) => faultLines(`${file}:${line}: ${kind}:`, fault, paint)),
    ...(faults.length > 0 ? [''] : []),
    ...(tier === undefined
      ? []
      : [`Tier ${tier} asks for`, ...obligations(tier, policy).map((duty) => `  ${duty}`), '']),
    `${file}: ${result.valid ? paint('green', 'valid') : paint('red', 'not valid')}${counts(result)}`,
    '',
  ].join('\n');
}

function faultLines(start: string, { field, message, suggestion }: ValidationFault, paint: Paint): string[] {
  const what = printable(field === '' ? message : `${field}: ${message}`);
  return [
    `${start} ${what}`,
    ...(suggestion === undefined ? [] : [paint('cyan', `    try: ${printable(suggestion)}`)]),
  ];
}

/** The tier of a spec, when it is one. */
function tierOf(spec: unknown): RiskTier | undefined {
  return workingSpecSchema.shape.risk_tier.safeParse((spec as { risk_tier?: unknown } | null)?.risk_tier).data;
}

function counts({ errors, warnings }: ValidationResult): string {
  const parts = [
    [errors.length, 'error'],
    [warnings.length, 'warning'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}
