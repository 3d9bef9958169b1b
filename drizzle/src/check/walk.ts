import type { Node, RangeVar } from 'libpg-query';

type KindOf<N> = N extends N ? keyof N : never;
/** The name of a node of the parse tree, for example `DropStmt`. */
export type Kind = KindOf<Node>;
export type NodeOf<K extends Kind> = Extract<Node, Record<K, unknown>>[K];

export interface Visited {
  readonly kind: string;
  readonly node: object;
  /** The field of the parent that holds it. */
  readonly field: string;
}

/** Fields whose node stands in the tree without its name around it. */
const bare: Readonly<Record<string, string>> = {
  relation: 'RangeVar',
  table: 'RangeVar',
  sequence: 'RangeVar',
  view: 'RangeVar',
  rel: 'RangeVar',
  pktable: 'RangeVar',
  typeName: 'TypeName',
  returnType: 'TypeName',
  argType: 'TypeName',
  newowner: 'RoleSpec',
  setstmt: 'VariableSetStmt',
};

/**
 * Visits every node below a root, parents before children.
 * @param visit told of each node; `false` leaves out what is below it.
 */
export function walk(root: unknown, visit: (visited: Visited) => boolean | void): void {
  // A stack of its own: an expression of ten thousand terms nests deeper than calls may.
  const stack: { value: unknown; field: string }[] = [{ value: root, field: '' }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { value, field } = top;
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) stack.push({ value: value[index], field });
      continue;
    }
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first && /^[A-Z]/.test(first[0]) && typeof first[1] === 'object') {
      if (visit({ kind: first[0], node: first[1] as object, field }) !== false) pushFields(stack, first[1] as object);
      continue;
    }
    const kind = bare[field];
    if (kind !== undefined && visit({ kind, node: value, field }) === false) continue;
    pushFields(stack, value);
  }
}

function pushFields(stack: { value: unknown; field: string }[], node: object): void {
  for (const [field, value] of Object.entries(node).reverse()) stack.push({ value, field });
}

/** What stands in a tree, by kind; thirty rules ask for it, and one walk answers them all. */
const inventories = new WeakMap<object, Map<string, object[]>>();

function inventoryOf(root: object): Map<string, object[]> {
  const known = inventories.get(root);
  if (known) return known;
  const inventory = new Map<string, object[]>();
  walk(root, ({ kind, node }) => {
    const nodes = inventory.get(kind) ?? [];
    nodes.push(node);
    inventory.set(kind, nodes);
  });
  inventories.set(root, inventory);
  return inventory;
}

/** Every node of a kind, wherever it stands: in a WITH, a rule's action, the body of a function. */
export function findAll<K extends Kind>(root: unknown, kind: K): NodeOf<K>[] {
  if (typeof root !== 'object' || root === null) return [];
  return (inventoryOf(root).get(kind) ?? []) as NodeOf<K>[];
}

/** A field's node when it is of this kind. */
export function as<K extends Kind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return node && kind in node ? (node as unknown as Record<K, NodeOf<K>>)[kind] : undefined;
}

/** The parts of a name, however the statement writes it down: `a.b` is ['a', 'b']. */
export function nameOf(node: Node | undefined): string[] {
  if (!node) return [];
  const text = as(node, 'String');
  if (text) return [text.sval ?? ''];
  const relation = as(node, 'RangeVar');
  if (relation) return partsOf(relation);
  const parts = as(node, 'List')?.items ?? as(node, 'ObjectWithArgs')?.objname ?? as(node, 'TypeName')?.names ?? [];
  return parts.flatMap(nameOf);
}

export function partsOf(relation: RangeVar | undefined): string[] {
  return [relation?.schemaname, relation?.relname].filter((part) => part !== undefined);
}

/** A name as SQL has it, in quotes where it needs them. */
export function written(parts: readonly string[] | RangeVar | undefined): string {
  const names = Array.isArray(parts) ? (parts as string[]) : partsOf(parts as RangeVar | undefined);
  return names.map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join('.');
}

/** The text of a constant, or undefined for anything else. */
export function constantOf(node: Node | undefined): string | undefined {
  const constant = as(node, 'A_Const');
  if (!constant) return as(node, 'TypeCast') ? constantOf(as(node, 'TypeCast')?.arg) : undefined;
  const { sval, ival, boolval, fval } = constant as {
    sval?: { sval?: string };
    ival?: { ival?: number };
    boolval?: { boolval?: boolean };
    fval?: { fval?: string };
  };
  if (sval) return sval.sval ?? '';
  if (boolval) return String(boolval.boolval ?? false);
  if (ival) return String(ival.ival ?? 0);
  return fval?.fval;
}
