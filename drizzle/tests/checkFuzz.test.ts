import { checkFiles } from '@bailiwick/database/check/checkFile';
import { asText } from '@bailiwick/database/check/report';
import { asSarif } from '@bailiwick/database/check/sarif';
import { readMigrations } from '@bailiwick/database/migrate/files';

/** mulberry32: the same inputs in every run. */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const scraps = [
  ...[
    'drop',
    'table',
    'schema',
    'alter',
    'add column',
    'create',
    'policy',
    'on',
    'using',
    '(',
    ')',
    ';',
    ',',
    '"',
    "'",
    '$$',
    '$a$',
    '--',
    '/*',
    '*/',
  ],
  ...[
    '\n',
    '\t',
    '\0',
    '\u0001',
    'é',
    '🎉',
    "E'\\",
    'U&"',
    'x.y',
    'public.people',
    '1',
    'true',
    'select',
    'from',
    'where',
    'delete',
    'update',
    'set',
  ],
  ...[
    'begin atomic',
    'end',
    'do',
    'language sql',
    'security definer',
    'cascade',
    'function f()',
    'returns int',
    'as',
    '-- lift: ',
    ' because ',
    'execute',
  ],
  ...[
    'grant all',
    'to public',
    'truncate',
    'if exists',
    'not null',
    'default',
    'check',
    'rename',
    'type',
    'index',
    '::',
    ':=',
    'loop',
    'perform',
  ],
];

test('2,000 random and mutilated inputs are either checked or told not to parse; nothing is thrown', async () => {
  const random = generator(20261122);
  const pick = (length: number) => Math.floor(random() * length);
  const statements = (await readMigrations()).flatMap((file) => file.statements.map(({ text }) => text.slice(0, 2000)));
  const bodies = [
    'drop table case_management.x',
    'x := (select 1)',
    "execute 'a' || b",
    'perform f()',
    'for r in select 1 loop null; end loop',
  ];
  const mutilate = (text: string) => {
    const characters = Array.from(text);
    for (let times = pick(4); times >= 0; times--) {
      const [place, scrap] = [pick(characters.length + 1), scraps[pick(scraps.length)] ?? ''];
      const kind = pick(4);
      if (kind === 0) characters.splice(place, pick(20));
      else if (kind === 1) characters.splice(place, 0, ` ${scrap} `);
      else if (kind === 2) characters.splice(place, 1, scrap);
      else characters.length = place;
    }
    return characters.join('');
  };
  const inputs = Array.from({ length: 2000 }, (_, index) => {
    if (index % 4 === 0) return Array.from({ length: 1 + pick(25) }, () => scraps[pick(scraps.length)]).join(' ');
    if (index % 4 === 1)
      return mutilate(
        `do $$ declare r record; begin ${bodies[pick(bodies.length)] ?? ''}; ${bodies[pick(bodies.length)] ?? ''}; end $$;`,
      );
    return mutilate([statements[pick(statements.length)], statements[pick(statements.length)]].join('\n'));
  });
  let [parsed, broken] = [0, 0];
  for (const [index, sql] of inputs.entries()) {
    const name = `${String(index).padStart(3, '0')}_case_management_fuzz.sql`;
    const reports = await checkFiles([{ path: name, name, sql }]);
    const [report] = reports;
    if (report?.syntaxError) broken++;
    else parsed++;
    for (const place of [...(report?.problems ?? []), ...(report?.syntaxError ? [report.syntaxError] : [])]) {
      expect(sql.split('\n')[place.line - 1]?.trimEnd()).toBe(place.text);
      expect(place.column).toBeGreaterThanOrEqual(1);
    }
    JSON.parse(JSON.stringify(asSarif(reports)));
    asText(reports, []);
  }
  // Both ways out are walked, or this tests little.
  expect(parsed).toBeGreaterThan(200);
  expect(broken).toBeGreaterThan(200);
});

test.each([
  ['an expression nested deeper than the parser can go', `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
  ['an unfinished string', `select 'abc`],
  ['an unfinished comment', '/* abc'],
  ['an unfinished dollar quote', 'do $x$ begin'],
  ['a NUL', 'select 1;\0 drop schema public'],
  ['half of a surrogate pair', `sel\ud800ect`],
])('%s is told as an error of the text', async (_what, sql) => {
  const [report] = await checkFiles([{ path: 'x.sql', name: 'x.sql', sql }]);
  expect(report?.syntaxError).toMatchObject({ message: expect.stringMatching(/\w/), line: 1 });
});
