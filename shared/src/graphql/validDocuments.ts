import { NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import { RecentlyUsed } from './recentlyUsed.js';

export interface DocumentRules {
  readonly schema: GraphQLSchema;
  readonly allowIntrospection: boolean;
  /** Beside those of the specification. */
  readonly rules?: readonly ValidationRule[];
  /** The longest document that is read. */
  readonly maxTokens?: number;
}

/** How much of documents is kept parsed and validated, in characters; parsed, each takes some hundred bytes. */
const documentsKept = 300_000;
/** How many characters of texts are kept that are no valid document: who sends those takes no room from the others. */
const refusedKept = 30_000;
/** What a document takes beside its characters, in characters. */
const documentItself = 100;

/** Parses and validates a document once; what it returns gives undefined for one that is not valid. */
export function validDocuments(wanted: DocumentRules): (query: string) => DocumentNode | undefined {
  const { schema, allowIntrospection, rules = [], maxTokens } = wanted;
  const all = [...specifiedRules, ...rules, ...(allowIntrospection ? [] : [NoSchemaIntrospectionCustomRule])];
  const weigh = (_document: unknown, query: string) => documentItself + query.length;
  const known = new RecentlyUsed<DocumentNode>(documentsKept, weigh);
  const refused = new RecentlyUsed<true>(refusedKept, weigh);
  return (query) => {
    const before = known.find(query);
    if (before || refused.find(query)) return before;
    const document = validDocument(schema, all, query, maxTokens);
    if (document) known.keep(query, document);
    else refused.keep(query, true);
    return document;
  };
}

function validDocument(
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
  query: string,
  maxTokens: number | undefined,
): DocumentNode | undefined {
  try {
    const document = parse(query, { maxTokens });
    return validate(schema, document, rules).length === 0 ? document : undefined;
  } catch {
    return undefined;
  }
}
