import type { Command } from 'commander';
import { code, paragraphs, plain, table } from './markdown.js';

/**
 * docs/commands.md, made of the very descriptions that `npm run db -- --help` prints.
 * @param program with all its verbs.
 */
export function commandsPage(program: Command): string {
  const help = program.createHelp();
  const verbs = help.visibleCommands(program).filter((verb) => verb.name() !== 'help');
  return paragraphs([
    '# The commands of the database',
    'Made by `npm run docs` of the descriptions in `drizzle/src/commands/`; do not edit it here.',
    plain(program.description()),
    'Each is run as `npm run db -- <verb>`, and `npm run db -- <verb> --help` prints what stands here. What is done is told on standard error, so that ' +
      'standard output is the result alone; with `--json` that is one JSON document, also when the verb fails.',
    table(
      ['verb', 'does'],
      verbs.map((verb) => [`[${code(verb.name())}](#${verb.name()})`, plain(verb.description())]),
    ),
    ...verbs.flatMap(verbSection),
  ]);
}

function verbSection(verb: Command): string[] {
  const help = verb.createHelp();
  const options = help.visibleOptions(verb).filter((option) => option.long !== '--help');
  return [
    `## ${verb.name()}`,
    `${sentence(plain(verb.description()))}`,
    `\`\`\`\nnpm run db -- ${help.commandUsage(verb).replace(/^db /, '')}\n\`\`\``,
    table(
      ['argument', 'is'],
      help
        .visibleArguments(verb)
        .map((argument) => [code(help.argumentTerm(argument)), plain(help.argumentDescription(argument))]),
    ),
    table(
      ['option', 'does'],
      options.map((option) => [code(help.optionTerm(option)), plain(help.optionDescription(option))]),
    ),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
