// What ties a rendered diagram to its source: the PNG carries the hash of the SVG it was drawn from,
// because git keeps no modification times. Rendering is left to scripts/render-diagrams.ts.

import { createHash } from 'node:crypto'

/** The keyword of the PNG's tEXt chunk that holds the hash. */
export const SVG_HASH_KEYWORD = 'svg-sha256'

/** The eight bytes every PNG begins with. */
export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** Bytes around a chunk's data: its length and type before, its checksum behind. */
const CHUNK_HEAD = 8
const CHUNK_TAIL = 4

/** The SHA-256 of an SVG's text, in hex. Line endings do not count: a checkout may change them. */
export function hashOfSvg(svg: string): string {
  return createHash('sha256').update(svg.replaceAll('\r\n', '\n')).digest('hex')
}

/** The hash of the SVG that `png` was rendered from, in hex; undefined when it carries none or is no PNG. */
export function svgHashOf(png: Buffer): string | undefined {
  if (!png.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return undefined
  const prefix = Buffer.from(`${SVG_HASH_KEYWORD}\0`, 'latin1')
  let at = PNG_SIGNATURE.length
  while (at + CHUNK_HEAD + CHUNK_TAIL <= png.length) {
    const start = at + CHUNK_HEAD
    const end = start + png.readUInt32BE(at)
    if (end + CHUNK_TAIL > png.length) return undefined
    const data = png.subarray(start, end)
    if (png.toString('latin1', at + 4, start) === 'tEXt' && data.subarray(0, prefix.length).equals(prefix)) {
      const hash = data.toString('latin1', prefix.length)
      return /^[0-9a-f]{64}$/.test(hash) ? hash : undefined
    }
    at = end + CHUNK_TAIL
  }
  return undefined
}
