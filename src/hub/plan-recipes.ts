/**
 * How the rule planner takes a request apart: into layers of steps, where each step waits for all of the layer before.
 */
import type { ComplexRequest } from '../machines/plan.ts';
import { filesIn, mastersOf } from './complexity-words.ts';
import { capital, kindOfDomain, kindOfStep, type Step, stepOf, type WorkKindName, workKinds } from './plan-steps.ts';
import { leadingVerb, partsOf, responsibilitiesOf } from './plan-words.ts';

/** A request with what is known about it. */
export interface Job {
  readonly request: ComplexRequest;
  readonly domains: readonly string[];
}

export type Layers = readonly (readonly Step[])[];

/** The layers of a request, by the first recipe that fits it. */
export const layersOf = (job: Job): Layers =>
  recipes.map((recipe) => recipe(job)).find((layers) => layers !== undefined) ?? [];

const recipes: readonly ((job: Job) => Layers | undefined)[] = [byManySteps, authentication, byTwoSteps, byDomains];

/** Steps that the title names: "design → implement → test", or three actions and more in a list. */
function byManySteps(job: Job): Layers | undefined {
  const { about, parts } = stepsIn(job.request.title);
  return parts.length < 3 ? undefined : chain(job, about, parts);
}

/** Two actions, and a plan before them. */
function byTwoSteps(job: Job): Layers | undefined {
  const { about, parts } = stepsIn(job.request.title);
  const [first = ''] = parts;
  if (parts.length !== 2) return undefined;
  const [work, ...then] = chain(job, about, parts);
  if (kindOfStep(first) === 'design') return [work ?? [], ...then, [stepOf('verify', about)]];
  return [[planOf(first, about, leadOf(job))], work ?? [], ...then];
}

/** What a title is about, and the actions that it names. */
function stepsIn(title: string): { about: string; parts: string[] } {
  const [head = '', ...tail] = title.split(/:\s+/);
  const list = tail.length > 0 ? tail.join(': ') : head;
  const parts = /[\u2192\u21d2]|->/.test(list) ? partsOf(list) : responsibilitiesOf(list);
  return { about: objectOf(tail.length > 0 ? head : (parts[0] ?? '')), parts };
}

/** One after the other; what no step has of the domains comes before it is deployed. */
function chain({ request, domains }: Job, about: string, parts: readonly string[]): Layers {
  const steps = parts.map((part): Step => {
    const title = capital(part.trim().split(/\s+/).length === 1 ? `${part} ${about}` : part);
    return stepOf(kindOfStep(part), about, { title: title.slice(0, 200), files: filesIn(part).slice(0, 3) });
  });
  const done = new Set(steps.map(({ kind }): string => workKinds[kind].domain));
  const missing = domains.filter((domain) => !done.has(domain) && domain !== 'development');
  const beforeDeployment = steps.findIndex(({ kind }) => kind === 'deploy');
  const place = beforeDeployment === -1 ? steps.length : beforeDeployment;
  steps.splice(place, 0, ...missing.map((domain) => workOf(domain, about)));
  const worker = steps.find(({ kind }) => kind === 'implement') ?? steps[0];
  return steps.map((step) => (step === worker && request.files !== undefined ? perFiles(step, request.files) : [step]));
}

/** The example of the task orchestrator's description, with its files. */
function authentication({ request, domains }: Job): Layers | undefined {
  if (!/\b(authentication|auth|login|sign[- ]?in) (system|feature|flow|module)\b/i.test(request.title))
    return undefined;
  if (request.files !== undefined || leadingVerb(request.title) === 'fix') return undefined;
  const it = 'authentication';
  return withoutEmpty([
    [
      stepOf('design', it, {
        title: 'Architecture Design',
        files: ['docs/auth-architecture.md'],
        criterion: 'Architecture document created with API endpoints, database schema, and security considerations',
      }),
    ],
    [
      stepOf('implement', it, {
        name: 'backend',
        title: 'Backend Implementation',
        files: ['server/routes/auth.js', 'server/middleware/auth.js'],
        criterion: 'Sign-up, login and logout endpoints respond, and requests without a valid token are rejected',
      }),
      stepOf('implement', it, {
        name: 'frontend',
        title: 'Frontend Implementation',
        files: ['client/pages/Login.jsx', 'client/pages/Signup.jsx'],
        criterion: 'Login and sign-up pages exist, and show each error that the server returns',
      }),
    ],
    [
      stepOf('test', it, {
        name: 'tests',
        title: 'Tests',
        files: ['tests/auth.test.js'],
        criterion: 'Tests cover every endpoint and both pages, and all of them pass',
      }),
    ],
    domains.includes('security') ? [stepOf('audit', it, { name: 'security', title: 'Security Audit' })] : [],
    [
      ...(domains.includes('documentation')
        ? [
            stepOf('document', it, {
              name: 'docs',
              title: 'Documentation',
              files: ['docs/authentication.md'],
              criterion: 'docs/authentication.md describes how to sign up, log in and log out, and each endpoint',
            }),
          ]
        : []),
      ...(domains.includes('cicd') ? [stepOf('deploy', it)] : []),
    ],
  ]);
}

/** What comes before what, by kind. */
const order: readonly (readonly WorkKindName[])[] = [
  ['inventory'],
  ['implement'],
  ['test'],
  ['audit'],
  ['document', 'deploy'],
];

/** A plan, then the work of each domain in its usual order, then tests, or a look at whether all is done. */
function byDomains(job: Job): Layers {
  const { request, domains } = job;
  const [first = 'development'] = domains;
  const clause = clauseOf(request.title);
  const about =
    makes.has(leadingVerb(clause) ?? '') || !leadingVerb(clause) ? objectOf(clause) : `the result of "${clause}"`;
  const work = domains.flatMap((domain) => {
    const step = workOf(domain, about);
    if (domain !== first) return [step];
    const isAsked =
      leadingVerb(clause) !== undefined && (step.kind === 'implement' || kindOfStep(clause) === step.kind);
    const files = request.files ?? filesIn(`${request.title}\n${request.description}`);
    return perFiles(isAsked ? { ...step, title: clause } : step, files);
  });
  const covered = mastersOf(domains);
  const others = (request.masters ?? [])
    .filter((master) => !covered.includes(master))
    .map((owner) => stepOf('implement', about, { owner, name: owner, title: `${capital(owner)}: ${about}` }));
  const isDevelopment = domains.includes('development');
  const steps = [...work, ...others, ...(isDevelopment ? [stepOf('test', about)] : [])];
  const layers = [
    [planOf(clause, about, leadOf(job))],
    ...order.map((kinds) => steps.filter(({ kind }) => kinds.includes(kind))),
  ];
  return withoutEmpty(layers.flat().length < 3 ? [...layers, [stepOf('verify', about, leadOf(job))]] : layers);
}

/** Verbs after which something is there that was not. */
const makes = new Set('add build create develop implement introduce write'.split(' '));

/** What is made is designed; how something is changed or done is planned. */
function planOf(clause: string, about: string, lead: Partial<Step>): Step {
  const verb = leadingVerb(clause);
  if (verb === undefined) return stepOf('design', about, { ...lead, title: `Plan ${about}` });
  if (makes.has(verb)) return stepOf('design', objectOf(clause), lead);
  const how = `how to ${clause.charAt(0).toLowerCase()}${clause.slice(1)}`;
  return stepOf('design', `"${clause}"`, { ...lead, title: `Plan ${how}` });
}

/** Who plans and looks over it all: development when it takes part, otherwise whoever comes first. */
function leadOf({ request, domains }: Job): Partial<Step> {
  const [first] = domains;
  if (domains.includes('development')) return {};
  if (first !== undefined) return { domain: first };
  const [owner] = request.masters ?? [];
  return owner === undefined ? {} : { owner };
}

function workOf(domain: string, about: string): Step {
  const kind = kindOfDomain(domain);
  if (kind !== 'implement' || domain === 'development') return stepOf(kind, about);
  return stepOf(kind, about, {
    domain,
    name: domain.replace(/[^a-z0-9]+/g, '-'),
    title: `${capital(domain)}: ${about}`,
  });
}

/** One step for every three files. */
function perFiles(step: Step, files: readonly string[]): Step[] {
  if (files.length <= 3) return [{ ...step, files }];
  const parts = Math.ceil(files.length / 3);
  return Array.from({ length: parts }, (_, index) => ({
    ...step,
    title: `${step.title}, part ${index + 1} of ${parts}`,
    files: files.slice(index * 3, index * 3 + 3),
  }));
}

const withoutEmpty = (layers: Layers): Layers => layers.filter(({ length }) => length > 0);

/** A title without its full stop, and without what comes with it: "Add search with a security audit" is "Add search". */
function clauseOf(title: string): string {
  const text = title
    .trim()
    .replace(/[.!?\s]+$/, '')
    .replace(/,?\s+(with|including|plus)\s.*$/is, '')
    .replace(/\s+/g, ' ');
  return (text === '' ? title.trim() : text).slice(0, 200);
}

/** What a title is about: its clause without the verb. */
export function objectOf(title: string): string {
  const clause = clauseOf(title);
  const rest = leadingVerb(clause) === undefined ? clause : clause.replace(/^(set up|\S+)\s*/i, '');
  return rest === '' ? clause : rest;
}
