// What `npm start` runs: the bundle where it is of these very sources, else the sources. Only the start is quicker by it.

import { isBundled } from './bundle.ts'

const program = (await isBundled()) ? '../dist/main.js' : './main.ts'
const { start }: typeof import('./main.ts') = await import(program)
await start()
