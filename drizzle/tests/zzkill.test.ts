import { createTestDatabase } from '../../tests/support/database.js';
test('x', async () => { const d = await createTestDatabase(); console.log(d.name); await new Promise((r) => setTimeout(r, 30000)); await d.drop(); });
