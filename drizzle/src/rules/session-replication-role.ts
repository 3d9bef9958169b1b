import { commandsOf } from '../check/alter.js';
import { settingsOf } from '../check/expressions.js';
import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

/** Settings that hold a safeguard, with what is lost without it. */
const safeguards: Readonly<Record<string, string>> = {
  session_replication_role: 'triggers and foreign keys would not be asked',
  row_security: 'what row policies would filter becomes an error, or is read whole by who may bypass them',
  event_triggers: 'the guard against DROP would not be asked',
  standard_conforming_strings:
    'the server would read strings otherwise than this check does, so what it checked is not what runs',
};

export const sessionReplicationRole: Rule = {
  id: 'session-replication-role',
  catches: 'SET session_replication_role, row_security, event_triggers; DISABLE TRIGGER; DROP or ALTER EVENT TRIGGER.',
  check: ({ node }) => {
    const settings = settingsOf(node).filter(({ name, isReset, values }) => {
      const isSafe =
        isReset || (name === 'session_replication_role' ? values[0] === 'origin' : ['on', 'true', '1'].includes(values[0] ?? ''));
      return safeguards[name] !== undefined && !isSafe;
    });
    const triggers = commandsOf(
      node,
      'AT_DisableTrig',
      'AT_DisableTrigAll',
      'AT_DisableTrigUser',
      'AT_EnableReplicaTrig',
      'AT_DisableRule',
    );
    const drop = as(node, 'DropStmt');
    const dropped = drop?.removeType === 'OBJECT_EVENT_TRIGGER' ? nameOf(drop.objects?.[0])[0] : undefined;
    const event = dropped ?? as(node, 'AlterEventTrigStmt')?.trigname;
    return [
      ...settings.map(({ name, at }) => ({
        at,
        consequence: `With ${name} set so, ${safeguards[name] ?? ''}.`,
        safe: `reset ${name};`,
      })),
      ...triggers.map(({ table }) => ({
        at: table?.location,
        consequence: `Without its triggers, ${written(table)} keeps no version and no time of change, and the guard against mass deletion is not asked.`,
        safe: `alter table ${written(table)} enable trigger user;`,
      })),
      ...(event === undefined
        ? []
        : [
            {
              at: event,
              consequence: `Event trigger ${event} is what refuses DROP and TRUNCATE; without it nothing does.`,
              safe: `alter event trigger ${written([event])} enable always;`,
            },
          ]),
    ];
  },
};
