import { describe, expect, it } from 'vitest'
import { parseText } from '../../../src/commands/reading/grammar.ts'
import { accountId, fromRef, toRef, userOf } from '../../../src/platforms/slack/ids.ts'
import { mentioned, readText, withMentions } from '../../../src/platforms/slack/words.ts'
import { buildCommands } from '../../support/builders.ts'

const commands = buildCommands()

function optionsOf(root: string, raw: string, known: readonly string[] = ['T1-U1']): unknown {
  const text = readText(raw)
  const parsed = withMentions(parseText(root, text.line, commands, 'ko'), text, 'T1', new Set(known))
  return parsed.kind === 'command' ? parsed.options : parsed
}

describe('the text of a command', () => {
  it.each([
    ['study', 'score <@U1|minji>', { member: 'T1-U1' }],
    ['study', 'score <@U1>', { member: 'T1-U1' }],
    ['study', '점수 <@U1|김 민지>', { member: 'T1-U1' }],
    ['study', 'team create <@U1|minji> team', { name: '@minji team' }],
    ['study', 'team create <#C1|study>', { name: '#study' }],
    ['study', 'team create <!here> &amp; <!subteam^S1|@devs>', { name: '@here & @devs' }],
    ['aws', '&lt;b&gt; &amp;amp;', { query: '<b> &amp;' }],
    ['aws', '<https://x.example/?a=1&amp;b=2|link>', { query: 'https://x.example/?a=1&b=2' }],
    ['aws', 'lambda', { query: 'lambda' }],
  ])('/%s %s', (root, raw, options) => {
    expect(optionsOf(root, raw)).toEqual(options)
  })

  it('names a person whom the bot does not know in a way that is nobody’s name', () => {
    const options = optionsOf('study', 'score <@U2|junho>') as { member: string }
    expect(options.member).toBe('@junho\u2060')
  })

  it('keeps names in what it does not understand', () => {
    expect(optionsOf('study', '<@U1|minji>')).toMatchObject({ kind: 'unknown-command', word: '@minji' })
  })

  it('has ids where a command still lacks something: its form is filled in with them', () => {
    const lacking = optionsOf('study-admin', 'schedule add <#C1|study> quiz')
    expect(lacking).toMatchObject({ kind: 'missing-option', option: 'time', options: { kind: 'quiz', channel: 'C1' } })
  })

  it('tells whose accounts are mentioned', () => {
    expect(mentioned(readText('<@U1|a> <#C1|b> <@U2>'), 'T1')).toEqual(['T1-U1', 'T1-U2'])
  })
})

describe('ids', () => {
  it('keep people of two workspaces apart, and lead back to Slack’s own', () => {
    expect(accountId('T1', 'U1')).not.toBe(accountId('T2', 'U1'))
    expect(userOf(accountId('T1', 'U1'))).toBe('U1')
    expect(userOf('U1')).toBe('U1')
  })

  it('of a message are read back, and nothing else is taken for one', () => {
    const at = { team: 'T1', channel: 'C1', ts: '1700000000.000100' }
    expect(fromRef(toRef(at))).toEqual(at)
    for (const wrong of ['', 'T1/C1', 'T1//1', 'T1/C1/1/2', 'message']) expect(fromRef(wrong)).toBeUndefined()
  })
})
