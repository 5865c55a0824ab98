/** `xstate-hub plan`: a request taken apart, or a plan looked over: stages, estimate, and what is wrong with it. */
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type Analysis, analyse } from '../hub/complexity.ts';
import { type Estimate, estimatePlan } from '../hub/estimate.ts';
import { checkPlan, type Finding } from '../hub/plan-rules.ts';
import { acceptPlan } from '../hub/planner.ts';
import { rulePlanner } from '../hub/rule-planner.ts';
import type { ReadingNote } from '../hub/seed-fields.ts';
import { kindOf, readRequest, surveyPlan } from '../hub/seed-format.ts';
import { readYaml, type YamlText } from '../hub/yaml-text.ts';
import { HubError } from '../machines/errors.ts';
import type { ComplexRequest, Plan } from '../machines/plan.ts';
import type { PlanLimits } from '../machines/plan-limits.ts';
import { refuse } from './bad-input.ts';
import { type Command, type CommandIo, type Paint, painter, UsageError } from './command.ts';
import { configurationFile, effectiveConfiguration } from './configuration-file.ts';
import { planToMermaid } from './plan-mermaid.ts';
import { analysisLines, estimateLines, findingLines, type PlacedFinding, stageLines } from './plan-report.ts';

export const plan: Command = {
  name: 'plan',
  summary: 'take a request apart, or check a plan: stages, estimate, findings',
  usage: `Usage: xstate-hub plan FILE [--json | --mermaid] [--config FILE]

FILE is YAML or JSON: a request (title, description, and what is known of domains, files, minutes, …), which is
judged and taken apart by rules, or a plan (subtasks with subtask_id, assigned_to, dependencies, …), which is checked.
With - it is read from stdin.

  --json         { valid, errors, warnings, stages: [[id, …], …], estimate }; of a request also analysis and plan
  --mermaid      a Mermaid flowchart by stages; findings go to stderr
  --config FILE  the limits of plans (orchestration.limits); see xstate-hub help config

Exit codes: 0 valid (there may be warnings), 1 not a valid plan, 2 not readable, or neither a request nor a plan`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        mermaid: { type: 'boolean', default: false },
        config: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name, extra] = positionals;
    if (name === undefined) throw new UsageError('which request or plan? Give one file');
    if (extra !== undefined) throw new UsageError(`one file at a time: "${extra}" is one too many`);
    if (values.mermaid && values.json) throw new UsageError('either --mermaid or --json');

    const configFile = configurationFile(values.config, io);
    let limits: PlanLimits;
    try {
      limits = (await effectiveConfiguration(configFile, io)).config.orchestration.limits;
    } catch (error) {
      return refuse(error, configFile ?? 'environment', values.json, io);
    }
    const file = name === '-' ? 'stdin' : name;
    let text: YamlText;
    let outcome: Outcome;
    try {
      text = readYaml(await readInput(name, io), file);
      outcome = look(text.value, file, limits);
    } catch (error) {
      return refuse(error, file, values.json, io);
    }
    if (values.json) io.stdout.write(`${JSON.stringify(asJson(outcome))}\n`);
    else if (values.mermaid) draw(file, text, outcome, io);
    else io.stdout.write(report(file, text, outcome, painter(io)));
    return outcome.errors.length === 0 ? 0 : 1;
  },
};

const readInput = (name: string, { stdin }: CommandIo): Promise<string> =>
  name === '-' && stdin !== undefined ? textOf(stdin) : readFile(name, 'utf8');

/** A finding, and where it is when it has no subtask. */
interface Found extends Finding {
  readonly path?: string;
}

interface Outcome {
  readonly request?: { readonly title: string; readonly analysis: Analysis };
  /** Absent when there is none: a simple request, or a plan that cannot be read. */
  readonly plan?: Plan;
  readonly errors: readonly Found[];
  readonly warnings: readonly Found[];
  readonly stages: readonly (readonly string[])[];
  readonly estimate: Estimate | null;
}

function look(value: unknown, file: string, limits: PlanLimits): Outcome {
  const kind = kindOf(value);
  if (kind === 'plan') return lookAtPlan(value, limits);
  if (kind === 'request') return lookAtRequest(value, file, limits);
  throw new HubError('invalid', `${file}: neither a request (title, description) nor a plan (subtasks)`, {
    expected: 'a request or a plan',
  });
}

function lookAtPlan(value: unknown, limits: PlanLimits): Outcome {
  const { plan, faults, warnings } = surveyPlan(value);
  const doubts = warnings.map(foundIn);
  if (plan === undefined) {
    return { errors: faults.map(foundIn), warnings: doubts, stages: [], estimate: null };
  }
  return checked(plan, doubts, limits);
}

function checked(plan: Plan, doubts: readonly Found[], limits: PlanLimits): Outcome {
  const { errors, warnings, stages } = checkPlan(plan, { limits });
  const estimate = stages.length === 0 ? null : estimatePlan(plan, stages);
  return { plan, errors, warnings: [...doubts, ...warnings], stages, estimate };
}

function lookAtRequest(value: unknown, file: string, limits: PlanLimits): Outcome {
  let request: ComplexRequest;
  let doubts: readonly Found[];
  try {
    const read = readRequest(value);
    request = read.value;
    doubts = read.warnings.map(foundIn);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { path = '', expected = '' } = error;
    throw new HubError('invalid', `${file}: ${error.message}`, { path, expected, cause: error });
  }
  const analysis = analyse(request);
  const judged = { title: request.title, analysis };
  if (analysis.complexity === 'simple') {
    return { request: judged, errors: [], warnings: doubts, stages: [], estimate: null };
  }
  try {
    const plan = acceptPlan(rulePlanner().plan(request, { masters: [], signal: new AbortController().signal }), {
      limits,
    });
    return { request: judged, ...checked(plan, doubts, limits) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const suggestion = error.expected === undefined ? {} : { suggestion: error.expected };
    const errors = [{ rule: error.code, message: error.message, ...suggestion }];
    return { request: judged, errors, warnings: doubts, stages: [], estimate: null };
  }
}

const foundIn = ({ path, message, expected, rule }: ReadingNote): Found => ({
  rule: rule ?? 'reading',
  message: path === '' ? message : `${path}: ${message}`,
  ...(expected !== '' && !message.includes(expected) && { suggestion: expected }),
  path,
});

function asJson({ request, plan, errors, warnings, stages, estimate }: Outcome): object {
  const bare = ({ path: _path, ...finding }: Found): Finding => finding;
  return {
    valid: errors.length === 0,
    errors: errors.map(bare),
    warnings: warnings.map(bare),
    stages,
    estimate,
    ...(request !== undefined && { analysis: request.analysis, plan: plan ?? null }),
  };
}

function draw(file: string, text: YamlText, outcome: Outcome, io: CommandIo): void {
  if (outcome.plan !== undefined) io.stdout.write(planToMermaid(outcome.plan, outcome.stages));
  const lines = findingLines(file, placed(text, outcome), painter(io));
  io.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

function report(file: string, text: YamlText, outcome: Outcome, paint: Paint): string {
  const { request, plan, stages, estimate, errors, warnings } = outcome;
  const findings = findingLines(file, placed(text, outcome), paint);
  const counts = [
    [errors.length, 'error'],
    [warnings.length, 'warning'],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  const verdict = errors.length === 0 ? paint('green', 'valid') : paint('red', 'not valid');
  return [
    ...(request === undefined ? [] : analysisLines(request.title, request.analysis, paint)),
    ...(plan === undefined || stages.length === 0 ? [] : [...stageLines(plan, stages, paint), '']),
    ...(estimate === null ? [] : [...estimateLines(estimate, paint), '']),
    ...(findings.length === 0 ? [] : [...findings, '']),
    `${file}: ${verdict}${told.length === 0 ? '' : `: ${told.join(', ')}`}`,
    '',
  ].join('\n');
}

/** The findings with their lines; those of a plan that was made here stand on the first. */
function placed(text: YamlText, { plan, errors, warnings }: Outcome) {
  const place = (finding: Found): PlacedFinding => {
    const index = plan?.subtasks.findIndex(({ id }) => id === finding.subtaskId) ?? -1;
    const list = Array.isArray(text.value) ? [] : ['subtasks'];
    const path = index === -1 ? (finding.path ?? '').split('.') : [...list, String(index)];
    return { ...finding, line: text.lineOf(path) };
  };
  return { errors: errors.map(place), warnings: warnings.map(place) };
}
