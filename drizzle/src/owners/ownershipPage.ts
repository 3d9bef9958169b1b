import { code, paragraphs, plain, table } from '../pages/markdown.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import type { ForeignKey, OwnedFunction, OwnedSchema, OwnedTable, Ownership, Policy } from './ownership.js';
import { picture } from './picture.js';

/** docs/ownership.md: all that PostgreSQL's catalogue says about who owns what, for people. */
export function ownershipPage(ownership: Ownership): string {
  const { schemas, tables } = ownership;
  return paragraphs([
    '# Who owns what',
    'Made from the catalogue of a migrated database by `npm run db -- owners`; do not edit it here. `npm run docs` makes it anew from a scratch database, ' +
      'and `npm run db -- owners --check` says whether a database is as this page has it.',
    `\`\`\`mermaid\n${picture(ownership)}\n\`\`\``,
    'An arrow leads from a table to one that its foreign keys refer to; a thick one leaves its bailiwick. A dashed box is the operator’s.',
    '## Bailiwicks',
    table(
      ['schema', 'team', 'owner of the schema', 'owner of the tables', 'migrated by', 'served by', 'tables'],
      schemas.map((schema) => bailiwickRow(schema, tables)),
    ),
    '## Roles',
    rolesTable(ownership),
    'A deployer has the rights of its owner role only after `SET ROLE`. `pg_read_all_data` lets `backup_reader` read every table; its sessions are read-only unless they say otherwise. ' +
      'A superuser needs none of this, and the guard holds it all the same.',
    '## Guard',
    guardSentence(ownership),
    ...schemas.flatMap((schema) => schemaSection(schema, ownership)),
  ]);
}

function bailiwickRow({ name, team, owner }: OwnedSchema, tables: readonly OwnedTable[]): string[] {
  const inside = tables.filter(({ schema }) => schema === name);
  const bailiwick = bailiwicks.find((one) => schemaOf(one) === name);
  const role = (part: string): string => (bailiwick ? code(`${bailiwick}_${part}`) : '–');
  const owners = [...new Set(inside.map((one) => one.owner))].map(code).join(', ');
  return [code(name), plain(team), code(owner), owners || '–', role('deployer'), role('app'), String(inside.length)];
}

function rolesTable({ roles }: Ownership): string {
  return table(
    ['role', 'logs in', 'row security', 'member of', 'on schemas'],
    roles.map((role) => [
      code(role.name),
      role.isLogin ? 'yes' : 'no',
      role.bypassesRowSecurity ? 'passes it by' : 'holds',
      role.memberOf.map(code).join(', '),
      role.schemas.map((schema) => `${code(schema.role)} (${schema.may.join(', ')})`).join(', '),
    ]),
  );
}

function guardSentence({ eventTriggers, tables }: Ownership): string {
  const names = eventTriggers.map(({ name, event, isAlways }) => `${code(name)} (${event}${isAlways ? ', always' : ''})`);
  const bare = tables.filter((one) => guardTriggers(one).length < 3).map((one) => code(`${one.schema}.${one.name}`));
  return [
    names.length ? `Event triggers: ${names.join(', ')}.` : 'There is no event trigger of the guard here.',
    bare.length
      ? `Tables without its triggers: ${bare.join(', ')}.`
      : 'Every table has its triggers against TRUNCATE and mass DELETE and UPDATE.',
    'See [guard.md](guard.md).',
  ].join(' ');
}

const guardTriggers = ({ triggers }: OwnedTable) =>
  triggers.filter(
    ({ name, isAlways }) => isAlways && ['guard_truncate', 'guard_mass_delete', 'guard_mass_update'].includes(name),
  );

function schemaSection(schema: OwnedSchema, { tables, functions }: Ownership): string[] {
  const inside = tables.filter((one) => one.schema === schema.name);
  const own = functions.filter((one) => one.schema === schema.name);
  if (inside.length === 0 && own.length === 0) return [];
  return [
    `## ${schema.name}, of ${plain(schema.team.replaceAll('_', ' '))}`,
    ...inside.flatMap((one) => tableSection(one, tables)),
    ...(own.length ? [`### Functions of ${schema.name}`, functionsTable(own)] : []),
  ];
}

function functionsTable(functions: readonly OwnedFunction[]): string {
  return table(
    ['function', 'runs as', 'may be called by'],
    functions.map(({ name, runsAs, roles }) => [
      code(name),
      runsAs ? code(runsAs) : 'the caller',
      roles.length ? roles.map(code).join(', ') : 'its owner',
    ]),
  );
}

function tableSection(one: OwnedTable, tables: readonly OwnedTable[]): string[] {
  const referring = tables.flatMap((other) =>
    other.foreignKeys
      .filter(({ toSchema, toTable }) => toSchema === one.schema && toTable === one.name)
      .map((key) => code(`${other.schema}.${other.name} (${key.columns.join(', ')})`)),
  );
  const asked = [...new Set(one.policies.flatMap(({ functions }) => functions))].sort();
  const others = one.triggers.filter((trigger) => !guardTriggers(one).includes(trigger));
  return [
    `### ${one.schema}.${one.name}`,
    one.about ? plain(one.about) : '',
    [
      `- Owner ${code(one.owner)}; ${one.columns} columns; primary key ${code(one.primaryKey.join(', ') || 'none')}; row security ${rowSecurity[one.rowSecurity]}.`,
      ...one.grants.map(({ role, may }) => `- ${code(role)} has ${privileges(may)}.`),
      `- Guard: ${guardWords(one)}.`,
      ...(others.length
        ? [
            `- Triggers: ${others.map(({ name, when, function: call }) => `${code(name)} (${plain(when)}: ${code(call)})`).join(', ')}.`,
          ]
        : []),
      ...(asked.length ? [`- Its policies ask ${asked.map(code).join(', ')}.`] : []),
      ...(referring.length ? [`- Referred to by ${referring.join(', ')}.`] : []),
    ].join('\n'),
    table(['foreign key', 'to', 'follows'], one.foreignKeys.map(foreignKeyRow)),
    table(['policy', 'for', 'roles', 'rows that are seen', 'rows that may be written'], one.policies.map(policyRow)),
  ];
}

/** The word of GRANT in capitals, the columns as they are. */
const privileges = (may: readonly string[]): string =>
  may.map((one) => one.replace(/^[a-z]+/, (word) => word.toUpperCase())).join(', ');

const rowSecurity = { off: 'off', on: 'on, but not for the owner', forced: 'on, for the owner too' } as const;

function guardWords(one: OwnedTable): string {
  const has = guardTriggers(one).map(({ name }) => name);
  if (has.length === 0) return 'none';
  const mass = ['delete', 'update'].filter((verb) => has.includes(`guard_mass_${verb}`)).map((verb) => verb.toUpperCase());
  const limit = one.limit
    ? `${mass.join(' or ')} of more than ${one.limit.rows.toLocaleString('en-US')} ${one.limit.rows === 1 ? 'row' : 'rows'}` +
      (one.limit.share > 0 ? ` and ${Math.round(one.limit.share * 1000) / 10} % of the table` : '')
    : `no limit for ${mass.join(' or ')}`;
  const refused = [...(has.includes('guard_truncate') ? ['TRUNCATE'] : []), ...(one.limit && mass.length ? [limit] : [])];
  return `refuses ${refused.join(', and ')} without approval`;
}

function foreignKeyRow({ name, columns, toSchema, toTable, toColumns, follows }: ForeignKey): string[] {
  return [`${code(name)} (${plain(columns.join(', '))})`, code(`${toSchema}.${toTable} (${toColumns.join(', ')})`), follows];
}

function policyRow({ name, command, isPermissive, roles, using, check }: Policy): string[] {
  return [
    code(name) + (isPermissive ? '' : ', restrictive'),
    command,
    roles.map(code).join(', '),
    using === null ? '–' : code(using),
    check === null ? '–' : check === using ? 'the same' : code(check),
  ];
}
