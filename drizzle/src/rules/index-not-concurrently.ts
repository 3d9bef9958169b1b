import { commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { as, written } from '../check/walk.js';

const safeWay = (index: string, sql: string) =>
  `-- By hand before the deployment, as the deployer, outside a transaction:\n${sql}\n` +
  `-- In the file, which then finds it done:\n-- lift: index-not-concurrently because ${index} has been built concurrently on every database\n`;

export const indexNotConcurrently: Rule = {
  id: 'index-not-concurrently',
  catches: 'CREATE INDEX, REINDEX and UNIQUE constraints that lock a table which was there before the file.',
  check: ({ node }, file) => {
    const index = as(node, 'IndexStmt');
    const table = written(index?.relation);
    const consequence = (on: string) =>
      `Nobody can write to ${on} until the index is built, which takes minutes on a large table.`;
    if (index && !index.concurrent && !file.isNew(index.relation)) {
      const name = written([index.idxname ?? `${index.relation?.relname ?? ''}_created_at`]);
      const create = `create${index.unique ? ' unique' : ''} index`;
      const safe = `${safeWay(name, `${create} concurrently if not exists ${name} on ${table} (created_at);`)}${create} if not exists ${name} on ${table} (created_at);`;
      return [{ at: index.relation?.location, consequence: consequence(table), safe }];
    }
    const reindex = as(node, 'ReindexStmt');
    if (reindex && !(reindex.params ?? []).some((one) => as(one, 'DefElem')?.defname === 'concurrently')) {
      const name = written(reindex.relation) || 'case_management.legal_cases';
      return [{ consequence: consequence(name), safe: `reindex table concurrently ${name};` }];
    }
    return commandsOf(node, 'AT_AddConstraint').flatMap(({ table: on, command: { def } }) => {
      const constraint = as(def, 'Constraint');
      const isIndexed = ['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION'].includes(constraint?.contype ?? '');
      if (!constraint || !isIndexed || constraint.indexname !== undefined || file.isNew(on)) return [];
      const name = written([constraint.conname ?? `${on?.relname ?? ''}_key`]);
      const safe = `${safeWay(name, `create unique index concurrently if not exists ${name} on ${written(on)} (id);`)}alter table ${written(on)} add constraint ${name} unique using index ${name};`;
      return [{ at: constraint.location, consequence: consequence(written(on)), safe }];
    });
  },
};
