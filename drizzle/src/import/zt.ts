import { importData } from '@bailiwick/database/import/importData';
import { loadMapping } from '@bailiwick/database/import/loadMapping';
import { reportText } from '@bailiwick/database/import/report';
import { streamProgress } from '@bailiwick/database/import/progress';
import { findAppError } from '@bailiwick/kernel/errors';
const [m, from, db='t1', ...rest] = process.argv.slice(2);
try {
const r = await importData({operatorUrl:`postgres://postgres@127.0.0.1:5615/${db}`, mapping: loadMapping(m!), from: from!, rejectsFile:`/tmp/imp/${m}-rejects.csv`, progress: streamProgress(process.stderr), isDryRun: rest.includes('dry'), allOrNothing: rest.includes('all')});
console.log(reportText(r));
} catch (e) { const a=findAppError(e); if(a) console.log(a.code, a.message, a.hint); else console.log(e); }
