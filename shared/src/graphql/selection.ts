import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isObjectType,
  Kind,
} from 'graphql';
import type { FieldNode, GraphQLNamedType, GraphQLObjectType, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { needsOf } from './needs.js';
import type { RelationNeeds } from './needs.js';

/** What an operation reads of the rows of a table at one place, and of the rows that hang on them. */
export interface RowSelection {
  /** Tells selections of one table apart. */
  readonly key: string;
  /** By their property names; the id is always there. */
  readonly columns: readonly string[];
  readonly relations: readonly RelationSelection[];
}

export interface RelationSelection {
  readonly relation: RelationNeeds;
  readonly rows: RowSelection;
}

/** Where the rows stand below the field of a resolver: `[['nodes'], ['edges', 'node']]` below a connection. Names of fields, not aliases. */
export type Paths = readonly (readonly string[])[];

/** The field's own value is the row, or a list of rows. */
const itself: Paths = [[]];

/** A place of an operation: the type there, and the fields of the document that select from it. */
interface Place {
  readonly type: GraphQLNamedType;
  readonly nodes: readonly FieldNode[];
}

const known = new WeakMap<FieldNode, Map<string, RowSelection>>();

/**
 * What is selected of the rows of `table` that a resolver answers with.
 * @param typeName the type of the rows, where the field's own type is abstract, as that of `_entities`.
 */
export function selectionOf(info: GraphQLResolveInfo, table: PgTable, paths: Paths = itself, typeName?: string): RowSelection {
  const [node, ...others] = info.fieldNodes;
  const name = JSON.stringify([getTableName(table), paths, typeName]);
  // A parsed document is kept between requests, so its nodes are the same each time.
  const before = others.length === 0 ? known.get(node!)?.get(name) : undefined;
  if (before) return before;
  const walk = new SelectionWalk(info);
  const places = paths.map((path) => walk.follow({ type: getNamedType(info.returnType), nodes: info.fieldNodes }, path));
  const type = typeName === undefined ? places[0]!.type : info.schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${String(type)} is not a type of rows.`);
  const selection = walk.select(
    table,
    type,
    places.flatMap(({ nodes }) => nodes),
    below(undefined, table, getTableName(table)),
  );
  if (others.length === 0 && !walk.isConditional) {
    if (!known.has(node!)) known.set(node!, new Map());
    known.get(node!)!.set(name, selection);
  }
  return selection;
}

/** What is selected of the rows of one relation, by the resolver of the field that they belong to. */
export function relationSelectionOf(info: GraphQLResolveInfo, relation: RelationNeeds): RowSelection {
  const rows = new SelectionWalk(info).selectRelation(
    relation,
    getNamedType(info.returnType),
    info.fieldNodes,
    below(undefined, relation.from, getTableName(relation.from)),
  );
  return toSelection(['id'], [{ relation, rows }]);
}

/** The names of the fields that are selected directly below a resolver's field. */
export function selectedNames(info: GraphQLResolveInfo): ReadonlySet<string> {
  const type = getNamedType(info.returnType);
  return new Set(new SelectionWalk(info).fieldsOf(type, info.fieldNodes).map((node) => node.name.value));
}

/** Where rows stand in a relational query. */
interface Nesting {
  /** The tables whose rows they hang on, and their own. */
  readonly tables: readonly PgTable[];
  /** What Drizzle calls them in SQL: the first table, and the relations that lead on from it. */
  readonly alias: string;
}

function below(above: Nesting | undefined, table: PgTable, name: string): Nesting {
  return { tables: [...(above?.tables ?? []), table], alias: above ? `${above.alias}_${name}` : name };
}

/** PostgreSQL cuts longer names off. */
const longestAlias = 63;

/** Whether the rows of a relation come in the statement of the rows above. A relation that leads back to one of these is loaded instead. */
function mayNest(relation: RelationNeeds, at: Nesting): boolean {
  return !at.tables.includes(relation.to) && below(at, relation.to, relation.name).alias.length <= longestAlias;
}

class SelectionWalk {
  /** Whether a variable decides on a part of the selection. */
  isConditional = false;
  readonly #info: GraphQLResolveInfo;

  constructor(info: GraphQLResolveInfo) {
    this.#info = info;
  }

  follow(place: Place, path: readonly string[]): Place {
    const [name, ...rest] = path;
    if (name === undefined) return place;
    const field = isObjectType(place.type) ? place.type.getFields()[name] : undefined;
    if (!field) throw new Error(`${place.type.name} has no field ${name}.`);
    const nodes = this.fieldsOf(place.type, place.nodes).filter((node) => node.name.value === name);
    return this.follow({ type: getNamedType(field.type), nodes }, rest);
  }

  select(table: PgTable, type: GraphQLObjectType, nodes: readonly FieldNode[], at: Nesting): RowSelection {
    const ownColumns = getTableColumns(table);
    const columns = new Set(['id']);
    const relations = new Map<string, { relation: RelationNeeds; type: GraphQLNamedType; nodes: FieldNode[] }>();
    for (const node of this.fieldsOf(type, nodes)) {
      const field = type.getFields()[node.name.value];
      if (field === undefined) continue;
      const needs = needsOf(field.resolve);
      if (needs) for (const column of needs.columns) columns.add(column);
      else if (field.resolve === undefined && field.name in ownColumns) columns.add(field.name);
      if (needs?.relation === undefined || !mayNest(needs.relation, at)) continue;
      const { relation } = needs;
      const before = relations.get(relation.name);
      if (before) before.nodes.push(node);
      else relations.set(relation.name, { relation, type: getNamedType(field.type), nodes: [node] });
    }
    return toSelection(
      Object.keys(ownColumns).filter((name) => columns.has(name)),
      Array.from(relations.values(), ({ relation, type: to, nodes: from }) => ({
        relation,
        rows: this.selectRelation(relation, to, from, at),
      })),
    );
  }

  selectRelation(relation: RelationNeeds, type: GraphQLNamedType, nodes: readonly FieldNode[], at: Nesting): RowSelection {
    const isSelected = relation.isSelected && isObjectType(type);
    const selected = isSelected
      ? this.select(relation.to, type, nodes, below(at, relation.to, relation.name))
      : toSelection(['id'], []);
    return toSelection([...new Set([...selected.columns, ...relation.columns])], selected.relations);
  }

  /** The fields that are selected of a type, those in fragments as well. */
  fieldsOf(type: GraphQLNamedType, nodes: readonly FieldNode[]): FieldNode[] {
    const found: FieldNode[] = [];
    const spread = new Set<string>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (!this.#isIncluded(selection)) continue;
        if (selection.kind === Kind.FIELD) found.push(selection);
        else if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (this.#applies(selection.typeCondition?.name.value, type)) collect(selection.selectionSet);
        } else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = this.#info.fragments[selection.name.value]!;
          if (this.#applies(fragment.typeCondition.name.value, type)) collect(fragment.selectionSet);
        }
      }
    };
    for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet);
    return found;
  }

  #applies(condition: string | undefined, type: GraphQLNamedType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditionType = this.#info.schema.getType(condition);
    return isAbstractType(conditionType) && isObjectType(type) && this.#info.schema.isSubType(conditionType, type);
  }

  /** GraphQL specification, sections 3.13.1 and 3.13.2. */
  #isIncluded(selection: SelectionSetNode['selections'][number]): boolean {
    if (!selection.directives?.length) return true;
    this.isConditional = true;
    const { variableValues } = this.#info;
    if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false;
  }
}

function toSelection(columns: readonly string[], relations: readonly RelationSelection[]): RowSelection {
  const nested = relations.map(({ relation, rows }) => `${relation.name}(${rows.key})`).sort();
  return { key: [...columns, ...nested].join(' '), columns, relations };
}
