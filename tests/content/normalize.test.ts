import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchKey, tidy } from '../../src/content/normalize.ts'

describe('tidy', () => {
  it.each([
    ['capitals', 'AWS Lambda', 'aws lambda'],
    ['full-width forms', 'ＥＣ２　Ａ', 'ec2 a'],
    ['decomposed Korean', '람다'.normalize('NFD'), '람다'],
    ['spaces around and between', '  vpc \t peering ', 'vpc peering'],
    ['characters that cannot be seen', 'vpc\u200b\u202epeering', 'vpc peering'],
  ])('folds %s', (_, text, tidied) => {
    expect(tidy(text)).toBe(tidied)
  })
})

describe('searchKey', () => {
  it.each([
    ['spaces', 'security group'],
    ['hyphens', 'Security-Group'],
    ['underscores', 'security_group'],
    ['full-width letters', 'ｓｅｃｕｒｉｔｙ　ｇｒｏｕｐ'],
    ['quotation marks', '“Security Group”'],
    ['emoji', 'security 🔒 group'],
  ])('makes one key of a name, however it is written: %s', (_, text) => {
    expect(searchKey(text)).toBe('securitygroup')
  })

  it('keeps letters and digits of every script', () => {
    expect(searchKey('에스3 (S3)')).toBe('에스3s3')
    expect(searchKey('Amazon S3')).not.toBe(searchKey('Amazon EC2'))
  })

  it.each(['', '   ', '?!', '🚀', '\u0000'])('is empty for %j, which has neither letter nor digit', (text) => {
    expect(searchKey(text)).toBe('')
  })

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('aZ9 -_.가나ＥＣ２ㅎ\u200b🙂')) }), (text) => {
        expect(searchKey(searchKey(text))).toBe(searchKey(text))
      }),
    )
  })
})
