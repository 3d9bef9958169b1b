import { collateOf, isSaved, selectOf, sequenceOptions } from './definitionQuery.js';
import type { Selection } from './definitionQuery.js';

const typeOwner = 'pg_get_userbyid(t.typowner)';
/** A new type may be used by everybody. Where that was taken back, it is taken back again. */
const revoked = (word: string): string =>
  `case when t.typacl is not null and not exists (select from aclexplode(t.typacl) a where a.grantee = 0)
     then format('; revoke usage on ${word} %I.%I from public', n.nspname, t.typname) else '' end`;
const types = 'pg_type t join pg_namespace n on n.oid = t.typnamespace';
const routine = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`;

/** Schemas, extensions, types, domains, sequences and functions. */
export const queriesOfTypes: readonly Selection[] = [
  selectOf({
    kind: `'schema'`,
    address: [`'pg_namespace'`, 'n.oid'],
    name: 'n.nspname',
    stage: 10,
    object: `format('schema %I', n.nspname)`,
    sql: `format('create schema %I authorization %I', n.nspname, pg_get_userbyid(n.nspowner))`,
    from: `pg_namespace n where ${isSaved}`,
  }),
  selectOf({
    kind: `'extension'`,
    address: [`'pg_extension'`, 'e.oid'],
    name: 'e.extname',
    stage: 12,
    object: `format('extension %I', e.extname)`,
    sql: `format('create extension %I with schema %I', e.extname, n.nspname)`,
    from: `pg_extension e join pg_namespace n on n.oid = e.extnamespace where ${isSaved}`,
  }),
  selectOf({
    kind: `'type'`,
    address: [`'pg_type'`, 't.oid'],
    name: 't.typname',
    stage: 15,
    owner: typeOwner,
    object: `format('type %I.%I', n.nspname, t.typname)`,
    sql: `format('create type %I.%I as ', n.nspname, t.typname) || case t.typtype
        when 'e' then format('enum (%s)', (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
        when 'c' then format('(%s)', (select string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            ${collateOf('a.attcollation', 'at.typcollation')}), ', ' order by a.attnum)
          from pg_attribute a join pg_type at on at.oid = a.atttypid where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
        else (select format('range (subtype = %s, subtype_opclass = %I.%I%s%s, multirange_type_name = %I.%I)', format_type(r.rngsubtype, null),
            oc.nspname, o.opcname,
            (select format(', collation = %I.%I', cn.nspname, co.collname) from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = r.rngcollation),
            case when r.rngsubdiff::oid <> 0 then ', subtype_diff = ' || r.rngsubdiff::text end, mn.nspname, m.typname)
          from pg_range r join pg_opclass o on o.oid = r.rngsubopc join pg_namespace oc on oc.oid = o.opcnamespace
            join pg_type m on m.oid = r.rngmultitypid join pg_namespace mn on mn.oid = m.typnamespace where r.rngtypid = t.oid)
        end || ${revoked('type')}`,
    from: `${types} where ${isSaved} and (t.typtype = 'e' or t.typtype = 'c' and (select c.relkind from pg_class c where c.oid = t.typrelid) = 'c'
      or t.typtype = 'r' and (select r.rngcanonical::oid from pg_range r where r.rngtypid = t.oid) = 0)`,
  }),
  selectOf({
    kind: `'domain'`,
    address: [`'pg_type'`, 't.oid'],
    name: 't.typname',
    stage: 16,
    owner: typeOwner,
    object: `format('domain %I.%I', n.nspname, t.typname)`,
    sql: `format('create domain %I.%I as %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
        ${collateOf('t.typcollation', '(select b.typcollation from pg_type b where b.oid = t.typbasetype)')},
        coalesce(' default ' || coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault), ''), case when t.typnotnull then ' not null' else '' end)
        || ${revoked('domain')}`,
    from: `${types} where ${isSaved} and t.typtype = 'd'`,
  }),
  selectOf({
    kind: `'domain constraint'`,
    address: [`'pg_constraint'`, 'k.oid'],
    name: `format('%s.%s', t.typname, k.conname)`,
    stage: 32,
    object: `format('constraint %I on domain %I.%I', k.conname, n.nspname, t.typname)`,
    sql: `format('alter domain %I.%I add constraint %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))`,
    from: `pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace where ${isSaved} and k.contype = 'c'`,
  }),
  selectOf({
    kind: `'sequence'`,
    address: [`'pg_class'`, 'c.oid'],
    name: 'c.relname',
    stage: 20,
    owner: 'pg_get_userbyid(c.relowner)',
    object: `format('sequence %I.%I', n.nspname, c.relname)`,
    sql: `format('create sequence %I.%I as %s %s', n.nspname, c.relname, format_type(s.seqtypid, null), ${sequenceOptions})`,
    from: `pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace where ${isSaved}
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i')`,
  }),
  selectOf({
    kind: `'sequence of column'`,
    address: [`'pg_class'`, 'c.oid'],
    isPart: true,
    name: 'c.relname',
    stage: 46,
    sql: `format('alter sequence %I.%I owned by %I.%I.%I', n.nspname, c.relname, n.nspname, o.relname, a.attname)`,
    from: `pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
        join pg_class o on o.oid = d.refobjid join pg_attribute a on a.attrelid = o.oid and a.attnum = d.refobjsubid
      where ${isSaved} and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'a' and d.refobjsubid > 0`,
  }),
  selectOf({
    kind: `'function'`,
    address: [`'pg_proc'`, 'p.oid'],
    name: `format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid))`,
    stage: 30,
    owner: 'pg_get_userbyid(p.proowner)',
    object: `'routine ' || ${routine}`,
    sql: `format('%s; revoke all on routine %s from public', pg_get_functiondef(p.oid), ${routine})`,
    // A range type brings its constructors along.
    from: `pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${isSaved} and p.prokind <> 'a' and p.prosrc !~ '^(multi)?range_constructor[0-3]$'`,
  }),
];
