/** What row security costs: the same processes and the same SQL, as roles that obey the policies and as roles that bypass them. */
import { openArena } from '../arena.js';
import { separateOver, startSubgraphs } from '../contenders.js';
import { takeBackWrites } from '../data.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const bypassing = (role: string): string => `bailiwick_bench_bypass_${role}`;

export const rowSecurity: Study = async (options, onStep) => {
  const arena = await openArena({ ...options, contenders: ['limit', 'separate'], callers: 1000, compared: 20 }, onStep);
  const roles = ['shared_tables_app', 'case_management_app', 'audit_system_app'];
  try {
    const { client, ground, database } = arena;
    for (const role of roles) {
      await client.query(`do $$ begin create role ${bypassing(role)}; exception when duplicate_object then null; end $$`);
      await client.query(
        `alter role ${bypassing(role)} login bypassrls password 'password-in-tests'; grant ${role} to ${bypassing(role)}`,
      );
    }
    const urlOf = (role: string): string => {
      const url = new URL(database.operatorUrl);
      [url.username, url.password] = [bypassing(role), 'password-in-tests'];
      return url.href;
    };
    const behind = await startSubgraphs(ground, urlOf);
    const without = await separateOver(ground, behind);
    const separate = arena.contenders.find(({ name }) => name === 'separate')!;
    const lines: string[] = [];
    const figures: Record<string, number> = {};
    for (const operation of arena.operations) {
      const requests = operation.sets.map((set) => separate.requestOf(operation, set)!);
      const { connections } = options;
      const { postmaster } = arena;
      const subjects = [
        { name: 'with policies', contender: separate, requests, connections, postmaster },
        { name: 'without', contender: without, requests, connections, postmaster },
      ];
      const found = await runRounds({ ...options, title: operation.name, subjects, onStep });
      if (operation.isWrite) await takeBackWrites(database.operatorUrl);
      const times = comparison(operation.name, found['with policies']!, found['without']!);
      Object.assign(figures, times);
      lines.push(lineOf(`${operation.name} with policies`, found['with policies']!));
      lines.push(lineOf(`${operation.name} without`, found['without']!), JSON.stringify(times));
    }
    return { subject: 'row security', node: arena.ground.runtime.version, lines, figures };
  } finally {
    await arena.stop();
  }
};
