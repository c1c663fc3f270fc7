// One spelling for the many ways people write a name. Used for lookup and to keep aliases unique.

import { visible } from '../chat/markdown.ts'

/** Full-width forms folded, composed (NFC), small letters, one space between words. */
export function tidy(text: string): string {
  return visible(text.normalize('NFKC').toLowerCase())
}

/** `tidy` without spaces, hyphens and other punctuation: "Security-Group" and "security group" are one key. */
export function searchKey(text: string): string {
  return tidy(text).replace(/[^\p{L}\p{N}]+/gu, '')
}
