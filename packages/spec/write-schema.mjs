// Writes workflow.schema.json from the schemas that the parser checks with: npm run schema -w packages/spec
import { writeFileSync } from 'node:fs';
import { workflowSchema } from './dist/index.js';

writeFileSync(new URL('workflow.schema.json', import.meta.url), `${JSON.stringify(workflowSchema, null, 2)}\n`);
