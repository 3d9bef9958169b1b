import type { Node } from 'libpg-query';
import type { Finding, Rule } from '../check/rule.js';
import { as, findAll, nameOf } from '../check/walk.js';
import { bailiwicks } from '../setup/credentials.js';

const snake = /^[a-z][a-z0-9_]{0,62}$/;

interface Made {
  readonly name: string;
  readonly at?: number | undefined;
  /** Whose name it has to begin with. */
  readonly table?: string | undefined;
}

function madeBy(node: Node): Made[] {
  const tables = [...findAll(node, 'CreateStmt'), ...findAll(node, 'AlterTableStmt')];
  const last = (names: Node[] | undefined) =>
    (names ?? [])
      .flatMap(nameOf)
      .slice(-1)
      .map((name) => ({ name }));
  const index = as(node, 'IndexStmt');
  const policy = as(node, 'CreatePolicyStmt');
  const trigger = as(node, 'CreateTrigStmt');
  const rename = as(node, 'RenameStmt');
  return [
    ...findAll(node, 'CreateStmt').flatMap(({ relation }) => ({ name: relation?.relname ?? '', at: relation?.location })),
    ...tables.flatMap(({ relation, ...rest }) => [
      ...findAll(rest, 'ColumnDef').flatMap(({ colname, location }) =>
        colname === undefined ? [] : [{ name: colname, at: location }],
      ),
      ...findAll(rest, 'Constraint').flatMap(({ conname, location, contype }) =>
        conname === undefined || contype === 'CONSTR_NOTNULL' ? [] : [{ name: conname, at: location, table: relation?.relname }],
      ),
    ]),
    ...(index?.idxname === undefined ? [] : [{ name: index.idxname, table: index.relation?.relname }]),
    ...(policy ? [{ name: policy.policy_name ?? '', table: policy.table?.relname }] : []),
    ...(trigger ? [{ name: trigger.trigname ?? '' }] : []),
    ...(rename ? [{ name: rename.newname ?? '' }] : []),
    ...last(as(node, 'CreateFunctionStmt')?.funcname),
    ...last(as(node, 'CreateEnumStmt')?.typeName),
    ...last(as(node, 'CreateDomainStmt')?.domainname),
    ...[as(node, 'ViewStmt')?.view, as(node, 'CreateSeqStmt')?.sequence].flatMap((one) =>
      one ? [{ name: one.relname ?? '' }] : [],
    ),
  ];
}

export const nameConvention: Rule = {
  id: 'name-convention',
  catches:
    "A file not named NNN_<owner>_<what>.sql, a name that is not snake_case, and a policy, index or constraint whose name does not begin with its table's.",
  checkFile: ({ name }) => {
    if (new RegExp(`^\\d{3,}_(${bailiwicks.join('|')})_[a-z0-9]+(_[a-z0-9]+)*\\.sql$`).test(name)) return [];
    const consequence = `${name} says neither its place in the sequence nor its owner (${bailiwicks.join(', ')}): migrate would not take it, and no rule about owners can be tested.`;
    return [
      {
        offset: 0,
        consequence,
        safe: `-- Name it, for example: 007_case_management_${name
          .replace(/\.sql$/, '')
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, '_')}.sql`,
      },
    ];
  },
  check: ({ node }) =>
    madeBy(node).flatMap(({ name, at, table }): Finding[] => {
      const place = at === undefined || at < 0 ? name : at;
      const plain = name
        .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
        .toLowerCase()
        .replaceAll(/[^a-z0-9_]+/g, '_');
      if (!snake.test(name)) {
        const consequence = `"${name}" has to be written in quotes for ever, and whoever forgets them gets an error or another thing. Names are snake_case, at most 63 letters.`;
        return [{ at: place, consequence, safe: `-- Name it: ${plain.slice(0, 63)}` }];
      }
      if (table === undefined || name === table || name.startsWith(`${table}_`)) return [];
      const consequence = `An error that names only ${name} does not say that it is about ${table}: names of policies, indexes and constraints begin with their table's.`;
      return [{ at: place, consequence, safe: `-- Name it: ${table}_${plain}` }];
    }),
};
