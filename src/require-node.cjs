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
} else {
  const os = require('node:os')
  const path = require('node:path')
  // Compiled code is kept between starts, and the checked content beside it (src/content/open.ts). Both are believed, so they are kept
  // only where no other user can put anything: in the project, or below the system's temporary folder where the project is read-only.
  const user = process.getuid ? process.getuid() : ''
  const places = [
    path.join(__dirname, '../node_modules/.aws-study-bot'),
    path.join(os.tmpdir(), `aws-study-bot-${user}`),
  ]
  const folder = process.env.NODE_COMPILE_CACHE || places.find(isOurs)
  if (folder) require('node:module').enableCompileCache(folder)
}

/** Makes a folder for this user alone. Whether that is what is there: somebody else may have made one before. */
function isOurs(folder) {
  const fs = require('node:fs')
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch {
    // It is there already, or there will be none.
  }
  try {
    fs.accessSync(folder, fs.constants.W_OK)
    const found = fs.lstatSync(folder)
    // Windows has no such modes; a user's temporary folder is private there.
    return found.isDirectory() && (!process.getuid || (found.uid === process.getuid() && (found.mode & 0o077) === 0))
  } catch {
    return false
  }
}
