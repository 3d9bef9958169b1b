import type { Node } from 'libpg-query';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { as, nameOf, partsOf, walk } from './walk.js';

/** The schemas that belong to somebody: the bailiwicks', and those of the operator. */
export const ownedSchemas: readonly string[] = [...bailiwicks.map(schemaOf), 'guard', 'identity', 'extensions'];

/** Whom a schema belongs to, in words. */
export function holderOf(schema: string): string {
  return bailiwicks.find((owner) => schemaOf(owner) === schema) ?? 'the operator';
}

/** The owner's role, which the file's statements run as. */
export function roleOf(owner: Bailiwick): string {
  return `${owner}_owner`;
}

export interface Touched {
  readonly schema: string;
  readonly name: string;
  readonly at: number | string | undefined;
  /** `use`: calls a function, has a type, or refers to a table by a foreign key; anything else is `touch`. */
  readonly how: 'use' | 'touch';
}

/** Kinds whose `objects`, `object` or own name is what they change. */
const changes = new Set([
  'DropStmt',
  'CommentStmt',
  'RenameStmt',
  'AlterOwnerStmt',
  'AlterObjectSchemaStmt',
  'GrantStmt',
  'SecLabelStmt',
]);

/** Everything with a schema in its name, in the order it is written. */
export function touchedBy(node: Node): Touched[] {
  const found: Touched[] = [];
  const add = (how: Touched['how'], [schema, name]: readonly string[], at: Touched['at']) => {
    if (schema !== undefined && name !== undefined) found.push({ schema, name, at, how });
  };
  walk(node, ({ kind, node: one, field }) => {
    const { location, funcname, typeName, names, defnames, newschema } = one as Record<string, never> & { location?: number };
    if (kind === 'RangeVar') add(field === 'pktable' ? 'use' : 'touch', partsOf(one), location);
    else if (kind === 'FuncCall' || kind === 'CreateTrigStmt' || kind === 'CreateEventTrigStmt')
      add('use', strings(funcname), location);
    else if (kind === 'TypeName') add('use', strings(names), location);
    else if (kind === 'CreateFunctionStmt') add('touch', strings(funcname), strings(funcname).at(-1));
    else if (kind === 'AlterFunctionStmt')
      add('touch', nameOf({ ObjectWithArgs: (one as { func?: object }).func ?? {} }), undefined);
    else if (['CreateEnumStmt', 'CreateRangeStmt', 'AlterEnumStmt'].includes(kind)) add('touch', strings(typeName), undefined);
    else if (kind === 'CreateDomainStmt') add('touch', strings((one as { domainname?: never }).domainname), undefined);
    else if (kind === 'DefineStmt' || kind === 'CreateStatsStmt') add('touch', strings(defnames), undefined);
    else if (kind === 'CreateSchemaStmt') add('touch', [(one as { schemaname?: string }).schemaname ?? '', ''], undefined);
    if (newschema) add('touch', [newschema, ''], newschema);
    if (changes.has(kind)) addObjects(one);
  });
  function addObjects(one: {
    objects?: Node[];
    object?: Node;
    removeType?: string;
    renameType?: string;
    subname?: string;
    targtype?: string;
  }) {
    if (one.renameType === 'OBJECT_SCHEMA') add('touch', [one.subname ?? '', ''], one.subname);
    for (const object of [...(one.objects ?? []), ...(one.object ? [one.object] : [])]) {
      const name = nameOf(object);
      const isSchema =
        one.removeType === 'OBJECT_SCHEMA' ||
        one.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ||
        (one as { objtype?: string }).objtype === 'OBJECT_SCHEMA';
      if (isSchema) add('touch', [name[0] ?? '', ''], name[0]);
      else if (name.length > 1 && !as(object, 'RangeVar')) add('touch', name, name.at(-1));
    }
  }
  return found;
}

function strings(nodes: Node[] | undefined): string[] {
  return (nodes ?? []).flatMap(nameOf);
}
