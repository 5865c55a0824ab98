/** What the words of a request give away: fields of work, files, steps. */

/** A field of work: who its master is, and words that speak of it. */
export interface Domain {
  readonly master: string;
  readonly words: RegExp;
  /** Words that speak of it when no field's `words` are there. */
  readonly weakWords?: RegExp;
  /** Other names for it. */
  readonly aliases: readonly string[];
}

/** The fields that are known. Documentation belongs to the development master. */
export const knownDomains: { readonly [name: string]: Domain } = {
  development: {
    master: 'development',
    words:
      /\b(implement\w*|develop\w*|cod(e|ing)|bugs?|bugfix\w*|fix(es|ed|ing)?|refactor\w*|features?|renam\w+|typos?|replac\w+|api|backend|frontend|endpoints?|functions?|tests?|testing|unit[- ]tests?|debug\w*|migrat\w+|schema|database|librar(y|ies)|components?|modules?|ui|pages?|forms?|add|build new|rewrite|optimi[sz]e\w*|design|architect\w*|upgrade|logins?|dashboard)\b/i,
    weakWords: /\b(build|create|change|update|write|server|client|services?)\b/i,
    aliases: ['dev', 'coding', 'implementation', 'testing', 'tests'],
  },
  security: {
    master: 'security',
    words:
      /\b(security|secur(e|ing)|vulnerabilit(y|ies)|cves?|audit\w*|pen(etration)?[- ]?test\w*|pentest\w*|threats?|exploits?|hardening|harden|sast|dast|secret[- ]scan\w*|leaked|injection|xss|csrf|compliance)\b/i,
    aliases: ['sec', 'audit', 'appsec'],
  },
  inventory: {
    master: 'inventory',
    words:
      /\b(inventor(y|ies)|portfolio|catalog(ue)?s?|cataloguing|cataloging|list (all )?(the )?(repositories|repos|projects|services|assets)|asset list|stocktak\w+)\b/i,
    weakWords: /\b(repositories|repos|assets|list)\b/i,
    aliases: ['catalog', 'assets'],
  },
  cicd: {
    master: 'cicd',
    words:
      /\b(deploy(s|ed|ing|ments?)?|ci\/cd|ci|cd|pipelines?|releas(e|es|ing)|roll ?out|rollback|github actions|workflows?|docker\w*|containers?|kubernetes|k8s|helm|terraform|provision\w*|staging|production)\b/i,
    aliases: ['ci', 'cd', 'ci/cd', 'ci-cd', 'devops', 'deployment', 'operations', 'ops'],
  },
  documentation: {
    master: 'development',
    words: /\b(docs?|documentation|document(s|ed|ing)?|readme|changelog|tutorials?|user guides?|manuals?)\b/i,
    aliases: ['docs', 'doc'],
  },
};

/** Words between spaces, commas and brackets. Every expression here takes time linear in the text, whatever it is. */
const wordPattern = /[^\s,;()[\]"'`<>]+/g;
const longestPath = 300;
const extension = /[\w-]\.(?:[cm]?[jt]sx?|json|ya?ml|md|py|go|rs|java|rb|php|css|html|sql|sh|toml)$/i;
const folder = /^(?:\.{0,2}\/|(?:apps?|bin|client|docs?|lib|packages|scripts|server|src|tests?)\/)/i;

/** `src/auth`, `a/b/c`, `index.js`; but `CI/CD` and `login/logout` are words. */
function isPath(word: string): boolean {
  const isPlain = word.length <= longestPath && /^[\w@./*-]+$/.test(word);
  if (!isPlain || /^[./*-]+$/.test(word)) return false;
  return extension.test(word) || folder.test(word) || word.split('/').length > 2;
}

/** Without the full stop or colon behind it. */
const bare = (word: string): string => word.slice(-longestPath).replace(/[.:!?]+$/, '');

/** The files that are named, each once. */
export const filesIn = (text: string): string[] => [
  ...new Set((text.match(wordPattern) ?? []).map(bare).filter(isPath)),
];

/** The text without the files that it names: `tests/auth.test.js` does not ask for tests. */
export const withoutFiles = (text: string): string =>
  text.replace(wordPattern, (word) => (isPath(bare(word)) ? ' ' : word));

/** The fields of work that the words speak of, in the order of {@link knownDomains}. */
export function domainsIn(plain: string): string[] {
  const found = Object.keys(knownDomains).filter((name) => knownDomains[name]?.words.test(plain));
  if (found.length > 0) return found;
  return Object.keys(knownDomains).filter((name) => knownDomains[name]?.weakWords?.test(plain));
}

/** The known name of a field that somebody names; their own word, in lower case, when it is another field. */
export function domainNamed(name: string): string {
  const word = name.trim().toLowerCase();
  return (
    Object.keys(knownDomains).find((known) => known === word || knownDomains[known]?.aliases.includes(word)) ?? word
  );
}

/** The masters of these fields, each once; a field that is not known is its own master. */
export const mastersOf = (domains: readonly string[]): string[] => [
  ...new Set(domains.map((name) => knownDomains[name]?.master ?? name)),
];

/** A number of files that the words tell, such as "in 12 files". */
export function fileCountIn(text: string): number {
  const counts = [...text.matchAll(/\b(\d{1,6})\s+(?:\w+\s+)?files\b/gi)].map(([, count]) => Number(count));
  return Math.max(0, ...counts);
}

/** Something whole that is touched: "authentication system", "the entire codebase". */
export function wholeIn(plain: string): string | undefined {
  const whole =
    /\b(entire|whole)\s+\w+|\b(system|subsystem|architecture|platform|infrastructure|codebase|microservices)\b|\b\w+\s+layer\b|\bacross (all|the|every)\s+\w+/i;
  return plain.match(whole)?.[0];
}

/** What says that one thing has to come before another: an arrow, "then", a list of three actions. */
export function sequenceIn(plain: string): string | undefined {
  const at = plain.search(/[\u2192\u21d2]|[-=]>/);
  const arrow =
    at === -1 ? undefined : `${lastWord(plain.slice(0, at))} ${plain.slice(at).trim().split(/\s+/, 2).join(' ')}`;
  const word = plain.match(
    /\b(and then|then|afterwards|followed by|finally|once (?:that|it|this) is|before (?:that|it|we)|step \d+)\b/i,
  )?.[0];
  return arrow ?? word;
}

const lastWord = (text: string): string => text.slice(-longestPath).trim().split(/\s+/).at(-1) ?? '';
