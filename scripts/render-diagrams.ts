// npm run diagrams: renders every content/*/diagrams/*.svg to the PNG beside it, 1200 pixels wide, unless that PNG was
// drawn from the same SVG already. To render one anew, say after a new font, delete its PNG. The font is 98 MB and only needed here,
// so the npm script fetches it and package.json does not list it.

import * as fs from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'
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
  const png = render(svg, hash)
  await fs.writeFile(target, png)
  process.stdout.write(`rendered    ${file}  ${Math.ceil(png.length / 1024)} KB\n`)
  if (png.length > MAX_BYTES) {
    process.stderr.write(`error: the PNG of ${file} passes ${MAX_BYTES / 1024} KB: draw it with less in it\n`)
    process.exitCode = 1
  }
}

/** Draws `svg`, with `hash` in a tEXt chunk where svgHashOf finds it. */
function render(svg: string, hash: string): Buffer {
  const { pixels, width, height } = new Resvg(svg, {
    fitTo: { mode: 'width', value: WIDTH },
    background: '#ffffff',
    // The same picture on every machine.
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'Pretendard' },
  }).render()
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8) // bits a channel, colour type RGB
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`${SVG_HASH_KEYWORD}\0${hash}`, 'latin1')),
    chunk('IDAT', deflateSync(scanlines(pixels, width, height), { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG chunk (W3C PNG, 5.3): the data's length, the type, the data, a checksum over type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  const checksum = Buffer.alloc(4)
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** RGBA to unfiltered RGB lines: for flat colours 40 % smaller than the filtered RGBA of resvg's own encoder. */
function scanlines(rgba: Buffer, width: number, height: number): Buffer {
  const lines = Buffer.alloc((width * 3 + 1) * height)
  let at = 0
  for (let y = 0; y < height; y++) {
    at++ // filter type 0
    for (let x = 0; x < width; x++) at += rgba.copy(lines, at, (y * width + x) * 4, (y * width + x) * 4 + 3)
  }
  return lines
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
