// Loaded before anything else (node -r) and readable by any Node: stops with one sentence where the rest could not even be parsed.
'use strict'

const NEEDED = 26
const major = Number(process.versions.node.split('.')[0])

if (major < NEEDED) {
  process.stderr.write(
    `This bot needs Node ${NEEDED}, but Node ${process.versions.node} is running it. ` +
      'npm normally brings the right one along as the devDependency "node"; it is missing when development packages were left out ' +
      '(npm ci --omit=dev, NODE_ENV=production) or when install scripts are off (ignore-scripts). ' +
      `Run "npm ci --include=dev --ignore-scripts=false" and start it through npm, or install Node ${NEEDED} yourself.\n`,
  )
  process.exit(78)
} else if (require('node:fs').existsSync(require('node:os').tmpdir())) {
  // Compiled code is kept between starts, in a folder below the system's temporary one. Where that cannot be written nothing changes;
  // where it does not exist Node would look for it for ever.
  require('node:module').enableCompileCache()
}
