// One spelling for the many ways people write a name. Used for lookup and to keep aliases unique.

import { visible } from '../chat/markdown.ts'

/**
 * Full-width and other compatibility forms folded, composed (NFC). Lone jamo stay what a keyboard types: NFKC would turn ㅋ into
 * a letter that only looks the same.
 */
export function fold(text: string): string {
  return text.normalize('NFC').replace(/[^\u3131-\u318e]+/gu, (part) => part.normalize('NFKC'))
}

/** `fold`, small letters, one space between words, nothing invisible. */
export function tidy(text: string): string {
  return visible(fold(text).toLowerCase())
}

/** `tidy` without spaces, hyphens and other punctuation: "Security-Group" and "security group" are one key. */
export function searchKey(text: string): string {
  return tidy(text).replace(/[^\p{L}\p{N}]+/gu, '')
}
