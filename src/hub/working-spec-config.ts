/**
 * What each risk tier asks for. The defaults are those of CAWS; a project sets its own.
 */
import { z } from 'zod';
import type { RiskTier } from './working-spec-schema.ts';

const percent = z.number().min(0).max(100);

interface Defaults {
  readonly maxFiles: number;
  readonly maxLoc: number;
  readonly branchCoverage: number;
  readonly mutationScore: number;
  readonly contracts: boolean;
  readonly manualReview: boolean;
}

const tier = (name: string, defaults: Defaults) =>
  z
    .strictObject({
      maxFiles: z.int().min(0).default(defaults.maxFiles).describe(`most files that work in ${name} may change`),
      maxLoc: z.int().min(0).default(defaults.maxLoc).describe(`most lines that work in ${name} may change`),
      branchCoverage: percent
        .default(defaults.branchCoverage)
        .describe(`branch coverage that ${name} asks for, in percent`),
      mutationScore: percent
        .default(defaults.mutationScore)
        .describe(`mutation score that ${name} asks for, in percent`),
      contracts: z.boolean().default(defaults.contracts).describe(`whether specs of ${name} must name a contract`),
      manualReview: z.boolean().default(defaults.manualReview).describe(`whether ${name} asks for a person's review`),
    })
    .prefault({});

export const workingSpecConfigSchema = z.strictObject({
  tier1: tier('risk tier 1', {
    maxFiles: 25,
    maxLoc: 1000,
    branchCoverage: 90,
    mutationScore: 70,
    contracts: true,
    manualReview: true,
  }),
  tier2: tier('risk tier 2', {
    maxFiles: 50,
    maxLoc: 2000,
    branchCoverage: 80,
    mutationScore: 50,
    contracts: true,
    manualReview: false,
  }),
  tier3: tier('risk tier 3', {
    maxFiles: 100,
    maxLoc: 5000,
    branchCoverage: 70,
    mutationScore: 30,
    contracts: false,
    manualReview: false,
  }),
});

export type WorkingSpecConfig = z.output<typeof workingSpecConfigSchema>;
export type WorkingSpecConfigInput = z.input<typeof workingSpecConfigSchema>;
export type TierConfig = WorkingSpecConfig['tier1'];

export const tierConfig = (config: WorkingSpecConfig, tier: RiskTier): TierConfig => config[`tier${tier}`];
