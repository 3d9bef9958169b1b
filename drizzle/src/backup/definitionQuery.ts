/** How one kind of thing is read from the catalogue. Every field is SQL, evaluated once for each such thing. */
export interface DefinitionQuery {
  readonly kind: string;
  /** Class and object as pg_depend names them, and the number of the column or 0. */
  readonly address: readonly [catalogue: string, object: string, column?: string];
  /** It has no address of its own: what it is about has it, and is needed first. */
  readonly isPart?: boolean;
  /** Of the table that it is a part of, or its own. */
  readonly table?: string;
  readonly name: string;
  /** The order in which things are made; rows come at rowsStage. */
  readonly stage: string | number;
  /** The schema of the table that a foreign key points to. */
  readonly refersTo?: string;
  /** Whoever makes it. */
  readonly owner?: string;
  /** As ALTER … OWNER TO and COMMENT ON name it. */
  readonly object?: string;
  readonly sql: string;
  /** From and where, so that a further condition can be put behind it by AND. `n` is the row of pg_namespace. */
  readonly from: string;
}

export interface Selection {
  /** Whose objects it tells of: the first part of their addresses. */
  readonly catalogue: string;
  readonly sql: string;
}

/** The column list of all of them, so that they can be joined by UNION ALL. */
export const selectOf = ({
  kind,
  address,
  isPart,
  table,
  name,
  stage,
  refersTo,
  owner,
  object,
  sql,
  from,
}: DefinitionQuery): Selection => ({
  catalogue: address[0].replaceAll("'", ''),
  sql: `select ${address[0]}::regclass::oid::int8 as classid, (${address[1]})::int8 as objid, (${address[2] ?? '0'})::int4 as objsubid,
     ${isPart ? 'true' : 'false'} as "isPart", (${kind})::text as kind, n.nspname::text as schema, (${table ?? "''"})::text as table, (${name})::text as name,
     (${stage})::int4 as stage, (${refersTo ?? 'null'})::text as "refersTo", (${owner ?? 'null'})::text as owner, (${object ?? 'null'})::text as object,
     (${sql})::text as sql
   from ${from} and ($2::oid[] is null or (${address[1]}) = any ($2))`,
});

/** Schemas that are saved, as a condition. What an extension made comes back with the extension. */
export const isSaved = 'n.nspname = any ($1)';

/** A role as a statement names it; 0 is everybody. */
export const roleName = (role: string): string =>
  `case ${role} when 0 then 'public' else quote_ident(pg_get_userbyid(${role})) end`;

/** ` collate …` where it is not the type's own. */
export const collateOf = (collation: string, ofType: string): string =>
  `case when ${collation} <> 0 and ${collation} <> ${ofType}
     then (select format(' collate %I.%I', cn.nspname, co.collname) from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = ${collation})
     else '' end`;

/** ` with (…)`, or nothing. */
export const optionsOf = (options: string): string =>
  `coalesce((select ' with (' || string_agg(format('%s=%L', option_name, option_value), ', ') || ')' from pg_options_to_table(${options})), '')`;

/** What a sequence counts by; `s` is its row of pg_sequence. */
export const sequenceOptions = `format('increment by %s minvalue %s maxvalue %s start with %s cache %s%s',
  s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end)`;
