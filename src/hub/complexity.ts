/**
 * Simple or complex: whether one master can do a request in one go, or whether it has to be decomposed. The rules
 * are those of the task orchestrator's description.
 *
 * - X1 a request is simple when no rule speaks against it; of a complex one every rule that does is told.
 * - X2 what the request says counts before what its words give away.
 */
import { z } from 'zod';
import { parse } from '../machines/parse.ts';
import type { ComplexRequest, Plan } from '../machines/plan.ts';
import { idPattern } from '../machines/primitives.ts';
import { clip } from './clip.ts';
import {
  domainNamed,
  domainsIn,
  fileCountIn,
  filesIn,
  mastersOf,
  sequenceIn,
  wholeIn,
  withoutFiles,
} from './complexity-words.ts';
import { responsibilitiesOf } from './plan-words.ts';

const complexityLimitsSchema = z.strictObject({
  files: z.int().min(0).default(3).describe('most files that a simple task changes'),
  minutes: z.number().min(0).default(30).describe('most minutes that a simple task takes'),
  tokens: z.int().min(0).default(20_000).describe('most tokens that a simple task takes'),
  steps: z.int().min(1).default(2).describe('most actions that the words of a simple task name'),
});
type ComplexityLimitsInput = z.input<typeof complexityLimitsSchema>;
type ComplexityLimits = z.output<typeof complexityLimitsSchema>;

const usualLimits = complexityLimitsSchema.parse({});

export interface ComplexityOptions {
  readonly limits?: ComplexityLimitsInput | undefined;
}

type Level = 'low' | 'medium' | 'high';

/** What a rule found. */
interface Reason {
  readonly rule: string;
  readonly text: string;
}

export interface Analysis {
  readonly complexity: 'simple' | 'complex';
  readonly level: Level;
  /** How much speaks for orchestration; 0 for a simple request. */
  readonly score: number;
  /** Of a complex request what makes it complex, of a simple one what makes it simple. */
  readonly reasons: Reason[];
  /** Fields of work, such as `development` and `documentation`. */
  readonly domains: string[];
  readonly masters: string[];
  /** Who gets a simple request; null for a complex one. */
  readonly master: string | null;
}

/** Throws `invalid` when the limits cannot be. */
export function analyse(request: ComplexRequest, options: ComplexityOptions = {}): Analysis {
  const limits = options.limits === undefined ? usualLimits : parse(complexityLimitsSchema, options.limits, 'limits');
  const reading = read(request, limits);
  const found = rules.map((rule) => rule(reading)).filter((verdict) => verdict !== undefined);
  const score = found.reduce((total, { weight }) => total + weight, 0);
  const isComplex = score > 0;
  const { domains, masters } = reading;
  return {
    complexity: isComplex ? 'complex' : 'simple',
    level: levelOf(score),
    score,
    reasons: found
      .filter(({ weight }) => weight > 0 === isComplex)
      .map(({ rule, text }) => ({ rule, text: clip(text, 200) })),
    domains,
    masters,
    master: isComplex ? null : (masters[0] ?? null),
  };
}

/** Of a request with a plan: whoever made that has judged it, and what its words give away does not count (X2). */
export function analysisByPlan({ domains = [] }: ComplexRequest, { subtasks }: Plan): Analysis {
  const masters = [...new Set(subtasks.map(({ owner }) => owner))];
  const text = `a plan of ${subtasks.length} subtask${subtasks.length === 1 ? '' : 's'} is given`;
  return {
    complexity: 'complex',
    level: levelOf(masters.length),
    score: masters.length,
    reasons: [{ rule: 'plan', text }],
    domains: [...domains],
    masters,
    master: null,
  };
}

const levelOf = (score: number): Level => (score === 0 ? 'low' : score < 3 ? 'medium' : 'high');

interface Reading {
  readonly request: ComplexRequest;
  readonly limits: ComplexityLimits;
  readonly text: string;
  /** The text without the files that it names. */
  readonly plain: string;
  readonly domains: string[];
  readonly masters: string[];
}

interface Verdict extends Reason {
  /** How much it speaks for orchestration; 0 for not at all. */
  readonly weight: number;
}

type Rule = (reading: Reading) => Verdict | undefined;

const rules: readonly Rule[] = [
  byRequest,
  byDomains,
  byMasters,
  byFiles,
  byWhole,
  bySequence,
  byDependencies,
  byMinutes,
  byTokens,
  byClarity,
];

function read(request: ComplexRequest, limits: ComplexityLimits): Reading {
  const text = `${request.title}\n${request.description}`;
  const plain = withoutFiles(text);
  const domains = said(request.domains)?.map(domainNamed) ?? domainsIn(plain);
  const masters = said(request.masters) ?? mastersOf(domains).filter((name) => idPattern.test(name));
  return { request, limits, text, plain, domains: [...new Set(domains)], masters: [...new Set(masters)] };
}

/** An empty list says nothing. */
const said = (list: readonly string[] | undefined) => (list === undefined || list.length === 0 ? undefined : list);

function byRequest({ request }: Reading): Verdict | undefined {
  if (!request.orchestrationRequired) return undefined;
  return { rule: 'orchestrationRequired', text: 'orchestration is asked for', weight: 1 };
}

function byDomains({ domains }: Reading): Verdict | undefined {
  if (domains.length === 0) return undefined;
  if (domains.length === 1) return { rule: 'domains', text: `a single domain: ${domains[0]}`, weight: 0 };
  const text = `${domains.length} domains: ${domains.join(', ')}`;
  return { rule: 'domains', text, weight: domains.length - 1 };
}

function byMasters({ masters }: Reading): Verdict | undefined {
  if (masters.length === 0) return undefined;
  if (masters.length === 1) return { rule: 'masters', text: `a single master: ${masters[0]}`, weight: 0 };
  return { rule: 'masters', text: `${masters.length} masters have to work together: ${masters.join(', ')}`, weight: 1 };
}

function byFiles({ request, text, limits }: Reading): Verdict {
  const files = request.files?.length ?? Math.max(filesIn(text).length, fileCountIn(text));
  const isMany = files > limits.files;
  const told = files === 0 ? 'no files are named' : `${files} file${files === 1 ? '' : 's'}`;
  return { rule: 'files', text: isMany ? `${told}, more than ${limits.files}` : told, weight: isMany ? 1 : 0 };
}

/** An entire system, unless the request says which files. */
function byWhole({ request, plain }: Reading): Verdict | undefined {
  const whole = request.files === undefined ? wholeIn(plain) : undefined;
  return whole === undefined ? undefined : { rule: 'system', text: `it is about something whole: ${whole}`, weight: 1 };
}

function bySequence({ request, plain, limits }: Reading): Verdict {
  const sign = sequenceIn(plain);
  if (sign !== undefined) return { rule: 'sequence', text: `one thing has to come before another: ${sign}`, weight: 1 };
  const steps = responsibilitiesOf(request.title);
  if (steps.length <= limits.steps) return { rule: 'sequence', text: 'nothing has to come before another', weight: 0 };
  return { rule: 'sequence', text: `${steps.length} steps: ${steps.join(', ')}`, weight: 1 };
}

function byDependencies({ request: { dependencies = [] } }: Reading): Verdict {
  if (dependencies.length === 0) return { rule: 'dependencies', text: 'no external dependencies', weight: 0 };
  return { rule: 'dependencies', text: `it depends on ${dependencies.join(', ')}`, weight: 1 };
}

function byMinutes({ request: { minutes }, limits }: Reading): Verdict | undefined {
  if (minutes === undefined) return undefined;
  const isLong = minutes > limits.minutes;
  const text = `${minutes} minutes${isLong ? `, more than ${limits.minutes}` : ''}`;
  return { rule: 'minutes', text, weight: isLong ? 1 : 0 };
}

function byTokens({ request: { tokens }, limits }: Reading): Verdict | undefined {
  if (tokens === undefined) return undefined;
  const isMany = tokens > limits.tokens;
  const text = `${tokens} tokens${isMany ? `, more than ${limits.tokens}` : ''}`;
  return { rule: 'tokens', text, weight: isMany ? 1 : 0 };
}

/** A request that is nobody's is not a clear, specific instruction. */
function byClarity({ masters }: Reading): Verdict | undefined {
  if (masters.length > 0) return undefined;
  return { rule: 'clarity', text: 'its words do not say whose work it is', weight: 1 };
}
