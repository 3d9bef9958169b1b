import type { ValidationRule } from 'graphql';
import { MaxAliasesRule } from './max-aliases.js';
import { MaxDirectivesRule } from './max-directives.js';
import { MaxRootFieldsRule } from './max-root-fields.js';

/** The limits of a document beside its tokens. They refuse it before it is planned, which takes far longer than validating it. */
export const documentLimits: readonly ValidationRule[] = [MaxAliasesRule, MaxDirectivesRule, MaxRootFieldsRule];
