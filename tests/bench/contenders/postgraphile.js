/** PostGraphile 5 with its recommended preset as a monolith over the three schemas, as one role under the same row policies. */
import { createServer } from 'node:http';
import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { jsonPgSmartTags } from 'postgraphile/utils';

const { DATABASE_URL, PUBLIC_KEY, PRINT_SCHEMA } = process.env;
const key = createPublicKey(PUBLIC_KEY);
const people = new Map();

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 2 });

/**
 * A token is verified once, as the other contenders do it. What the person may do they look up in every transaction; PostGraphile can only set what it knows
 * before, so it looks that up once as well.
 */
async function settingsOf(authorization = '') {
  const known = people.get(authorization);
  if (known) return known;
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), key, { issuer: 'bailiwick', audience: 'bailiwick' });
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select identity.enter($1)', [payload.sub]);
    const { rows } = await client.query(`select current_setting('app.person_levels') as levels`);
    await client.query('commit');
    const settings = { 'app.person_id': payload.sub, 'app.person_levels': rows[0].levels };
    people.set(authorization, settings);
    return settings;
  } finally {
    client.release();
  }
}

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [
    jsonPgSmartTags({
      version: 1,
      config: {
        class: {
          // No foreign key crosses from one system to the other; PostGraphile is told of the relation instead.
          'audit_system.recommendation_case_links': {
            tags: {
              foreignKey:
                '(legal_case_id) references case_management.legal_cases (id)|@fieldName legalCase|@foreignFieldName caseLinks',
            },
          },
          // The foreign key has two columns and the index one of them; PostGraphile offers a list only where an index begins with all.
          'case_management.document_versions': {
            tags: {
              foreignKey:
                '(document_id) references case_management.documents (id)|@fieldName document|@foreignFieldName versions',
            },
          },
        },
        attribute: {
          'case_management.case_assignments.role': { tags: { behavior: ['+attribute:filterBy'] } },
          'case_management.case_assignments.ended_at': { tags: { behavior: ['+attribute:filterBy'] } },
        },
      },
    }),
  ],
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: ['public', 'case_management', 'audit_system'],
      poolConfig: { max: 10, options: '-c timezone=UTC' },
    }),
  ],
  grafserv: { graphqlPath: '/graphql', watch: false },
  grafast: {
    explain: false,
    async context({ node }) {
      return { pgSettings: await settingsOf(node?.req.headers.authorization) };
    },
  },
};

const instance = postgraphile(preset);
if (PRINT_SCHEMA) {
  const { printSchema } = await import('postgraphile/graphql');
  process.stdout.write(printSchema(await instance.getSchema()));
  process.exit(0);
}
const server = createServer();
await instance.getSchema();
await instance.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => process.stdout.write(`PostGraphile answers at http://127.0.0.1:${server.address().port}\n`));
