// What `npm start` runs.

import { loadBot } from './bundle.ts'

const { start } = await loadBot()
await start()
