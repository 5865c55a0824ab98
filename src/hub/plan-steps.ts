/** The kinds of work that the rule planner knows: who does it, how long it takes, and by what one sees that it is done. */
import type { Minutes } from '../machines/plan.ts';
import { knownDomains } from './complexity-words.ts';
import { leadingVerb } from './plan-words.ts';

interface WorkKind {
  readonly domain: string;
  readonly workerType: string;
  readonly minutes: Minutes;
  readonly tokens: number;
  /** The verb of its title. */
  readonly verb: string;
  /** What its owner may be called when nobody is called as the domain's master. */
  readonly ownerWords: RegExp;
  /** @param it what the work is about */
  criterion(it: string): string;
}

/** Minutes and tokens are those of the authentication example; the others are like them. */
export const workKinds = {
  design: {
    domain: 'development',
    workerType: 'planner',
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    verb: 'Design',
    ownerWords: /architect|plan|design|lead/,
    criterion: (it) => `A document says what has to be done for ${it}, and in which order`,
  },
  implement: {
    domain: 'development',
    workerType: 'implementation',
    minutes: { min: 20, max: 30 },
    tokens: 20_000,
    verb: 'Implement',
    ownerWords: /dev|engineer|cod(e|ing)|program|back|full/,
    criterion: (it) => `${capital(it)} is in place, and the project builds`,
  },
  test: {
    domain: 'development',
    workerType: 'test',
    minutes: { min: 15, max: 20 },
    tokens: 15_000,
    verb: 'Test',
    ownerWords: /test|qa|quality/,
    criterion: (it) => `Tests of ${it} exist and all of them pass`,
  },
  audit: {
    domain: 'security',
    workerType: 'audit',
    minutes: { min: 10, max: 15 },
    tokens: 10_000,
    verb: 'Audit',
    ownerWords: /secur|audit/,
    criterion: (it) => `A security report on ${it} lists every finding with its severity`,
  },
  document: {
    domain: 'documentation',
    workerType: 'documentation',
    minutes: { min: 10, max: 10 },
    tokens: 5000,
    verb: 'Document',
    ownerWords: /writ|doc/,
    criterion: (it) => `The documentation describes ${it}`,
  },
  deploy: {
    domain: 'cicd',
    workerType: 'deployment',
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    verb: 'Deploy',
    ownerWords: /ops|deploy|\bci|release|infra|platform/,
    criterion: (it) => `${capital(it)} is deployed and its health check passes`,
  },
  inventory: {
    domain: 'inventory',
    workerType: 'catalog',
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    verb: 'List',
    ownerWords: /inventor|catalog|asset/,
    criterion: (it) => `A list is written of what there is, for ${it}`,
  },
  verify: {
    domain: 'development',
    workerType: 'test',
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    verb: 'Verify',
    ownerWords: /test|qa|quality|review/,
    criterion: (it) => `A report says whether each success criterion of ${it} holds`,
  },
} as const satisfies { readonly [kind: string]: WorkKind };
export type WorkKindName = keyof typeof workKinds;

/** One subtask before it has an id and dependencies. */
export interface Step {
  readonly kind: WorkKindName;
  readonly title: string;
  /** What it is about, for the criterion. */
  readonly about: string;
  /** The end of its id; default: the kind. */
  readonly name?: string;
  /** The field that it belongs to, when it is not that of its kind. */
  readonly domain?: string;
  /** The master, when it is settled. */
  readonly owner?: string;
  readonly files?: readonly string[];
  readonly criterion?: string;
}

export const stepOf = (kind: WorkKindName, about: string, more: Partial<Step> = {}): Step => ({
  kind,
  title: `${workKinds[kind].verb} ${about}`,
  about,
  ...more,
});

/** The one of `masters` for this step; the domain's own master when there is none like it. */
export function ownerOf({ kind, domain, owner }: Step, masters: readonly string[]): string {
  if (owner !== undefined) return owner;
  const field = domain ?? workKinds[kind].domain;
  const own = knownDomains[field]?.master ?? field;
  if (masters.includes(own)) return own;
  const called = (words: RegExp) => masters.find((name) => words.test(name.toLowerCase()));
  const isDevelopment = own === 'development' && domain === undefined;
  return (
    (domain === undefined ? called(workKinds[kind].ownerWords) : undefined) ??
    (isDevelopment ? called(workKinds.implement.ownerWords) : undefined) ??
    own
  );
}

const kindOf: ReadonlyMap<string, WorkKindName> = new Map([
  ['security', 'audit'],
  ['inventory', 'inventory'],
  ['cicd', 'deploy'],
  ['documentation', 'document'],
]);

/** The kind of work of each domain. */
export const kindOfDomain = (domain: string): WorkKindName => kindOf.get(domain) ?? 'implement';

const kindOfVerb: readonly (readonly [WorkKindName, string])[] = [
  ['design', 'design plan architect specify draft define model analyse analyze research investigate evaluate prepare'],
  ['test', 'test validate verify benchmark check measure'],
  ['audit', 'audit review scan harden secure inspect'],
  ['document', 'document explain translate'],
  ['deploy', 'deploy release publish ship launch rollout provision install monitor'],
  ['inventory', 'list catalog catalogue collect'],
];
const writes = new Set('add build change configure create extend fix generate setup update write'.split(' '));

/** The kind of a step that somebody wrote: "update tests" is testing, "write the docs" documentation. */
export function kindOfStep(text: string): WorkKindName {
  const verb = leadingVerb(text) ?? '';
  if (writes.has(verb) || verb === '') {
    if (/\btest(s|ing)?\b/i.test(text)) return 'test';
    if (/\b(docs?|documentation|readme|changelog)\b/i.test(text)) return 'document';
    if (/\b(audit|security review)\b/i.test(text)) return 'audit';
    if (/\b(ci\/cd|(deployment|pipeline|release)s?)\b/i.test(text)) return 'deploy';
  }
  return kindOfVerb.find(([, verbs]) => verbs.split(' ').includes(verb))?.[0] ?? 'implement';
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
