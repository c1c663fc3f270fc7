// npm run diagrams: renders every content/*/diagrams/*.svg to the PNG beside it, 1200 pixels wide, unless that PNG was
// drawn from the same SVG already. To render one anew, say after a new font, delete its PNG.

import * as fs from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import { hashOfSvg, PNG_SIGNATURE, SVG_HASH_KEYWORD, svgHashOf } from '../src/content/diagrams.ts'

const CONTENT = fileURLToPath(new URL('../content/', import.meta.url))
const WIDTH = 1200
/** Past this a chat client on a phone waits. */
const MAX_BYTES = 150 * 1024
/** OTF on purpose: from WOFF files resvg draws no Hangul, and says nothing. */
const FONTS = ['Medium', 'Bold'].map((weight) =>
  fileURLToPath(import.meta.resolve(`pretendard/dist/public/static/Pretendard-${weight}.otf`)),
)

// resvg skips a font file it cannot read and draws no text.
await Promise.all(FONTS.map((font) => fs.access(font)))

const files = await Array.fromAsync(fs.glob('*/diagrams/*.svg', { cwd: CONTENT }))
for (const file of files.sort()) {
  const svg = await fs.readFile(`${CONTENT}${file}`, 'utf8')
  const target = `${CONTENT}${file.replace(/\.svg$/, '.png')}`
  const hash = hashOfSvg(svg)
  const existing = await readIfThere(target)
  if (existing && svgHashOf(existing) === hash) {
    process.stdout.write(`up to date  ${file}\n`)
    continue
  }
  const png = withSvgHash(render(svg), hash)
  await fs.writeFile(target, png)
  process.stdout.write(`rendered    ${file}  ${Math.ceil(png.length / 1024)} KB\n`)
  if (png.length > MAX_BYTES) {
    process.stderr.write(`error: the PNG of ${file} passes ${MAX_BYTES / 1024} KB: draw it with less in it\n`)
    process.exitCode = 1
  }
}

function render(svg: string): Buffer {
  return new Resvg(svg, {
    fitTo: { mode: 'width', value: WIDTH },
    // The same picture on every machine.
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'Pretendard' },
  })
    .render()
    .asPng()
}

/** The PNG with a tEXt chunk behind its header chunk (W3C PNG, 11.3.3.2), which svgHashOf reads. */
function withSvgHash(png: Buffer, hash: string): Buffer {
  const headerEnd = PNG_SIGNATURE.length + 12 + png.readUInt32BE(PNG_SIGNATURE.length)
  const typeAndData = Buffer.from(`tEXt${SVG_HASH_KEYWORD}\0${hash}`, 'latin1')
  const chunk = Buffer.alloc(typeAndData.length + 8)
  chunk.writeUInt32BE(typeAndData.length - 4, 0)
  typeAndData.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(typeAndData), chunk.length - 4)
  return Buffer.concat([png.subarray(0, headerEnd), chunk, png.subarray(headerEnd)])
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
