// Block Kit's limits: what is good is taken, and each limit refuses one step further.

import { describe, expect, it } from 'vitest'
import { type Surface, wrongBlocks, wrongView } from './blocks.ts'

const noFiles = () => false
const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: plain('b'), ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = (more: object = { text: mrkdwn('x') }) => ({ type: 'section', ...more })
const option = (value: string) => ({ text: plain(value.slice(0, 75)), value })
const select = (more: object) => actions({ type: 'static_select', action_id: 's', ...more })
const table = (rows: object[][]) => ({ type: 'table', rows })
const cell = (text: string) => ({ type: 'raw_text', text })
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const x = (count: number) => 'x'.repeat(count)
const wrong = (blocks: unknown[], surface: Surface = 'message') => wrongBlocks(blocks, surface, noFiles)

/** The last value that is good and the first that is not. */
const edges: [name: string, good: unknown[], bad: unknown[]][] = [
  ['blocks of a message', many(50, () => ({ type: 'divider' })), many(51, () => ({ type: 'divider' }))],
  ['section text', [section({ text: mrkdwn(x(3000)) })], [section({ text: mrkdwn(x(3001)) })]],
  ['emoji count as one character', [section({ text: mrkdwn('🙂'.repeat(3000)) })], [section({ text: mrkdwn('') })]],
  [
    'section fields',
    [section({ fields: many(10, () => plain('x')) })],
    [section({ fields: many(11, () => plain('x')) })],
  ],
  ['field text', [section({ fields: [plain(x(2000))] })], [section({ fields: [plain(x(2001))] })]],
  ['section needs something', [section()], [section({})]],
  ['header text', [{ type: 'header', text: plain(x(150)) }], [{ type: 'header', text: plain(x(151)) }]],
  ['header is plain', [{ type: 'header', text: plain('x') }], [{ type: 'header', text: mrkdwn('x') }]],
  [
    'emoji is for plain text',
    [section({ text: { ...plain('x'), emoji: true } })],
    [section({ text: { ...mrkdwn('x'), emoji: true } })],
  ],
  ['unknown block types', [section()], [{ type: 'sektion' }]],
  ['unknown fields', [section()], [{ ...section(), colour: 'red' }]],
  [
    'block ids',
    [
      { ...section(), block_id: '1' },
      { ...section(), block_id: '2' },
    ],
    [
      { ...section(), block_id: '1' },
      { ...section(), block_id: '1' },
    ],
  ],
  ['action ids in a block', [actions(button(), button({ action_id: 'b' }))], [actions(button(), button())]],
  [
    'elements of actions',
    [actions(...many(25, (i) => button({ action_id: `${i}` })))],
    [actions(...many(26, (i) => button({ action_id: `${i}` })))],
  ],
  ['button text', [actions(button({ text: plain(x(75)) }))], [actions(button({ text: plain(x(76)) }))]],
  ['button value', [actions(button({ value: x(2000) }))], [actions(button({ value: x(2001) }))]],
  ['button style', [actions(button({ style: 'primary' }))], [actions(button({ style: 'blue' }))]],
  ['action id', [actions(button({ action_id: x(255) }))], [actions(button({ action_id: x(256) }))]],
  ['what actions take', [actions(button())], [actions({ type: 'image', image_url: 'https://x', alt_text: 'x' })]],
  [
    'options',
    [select({ options: many(100, (i) => option(`${i}`)) })],
    [select({ options: many(101, (i) => option(`${i}`)) })],
  ],
  [
    'option text',
    [select({ options: [{ text: plain(x(75)), value: 'v' }] })],
    [select({ options: [{ text: plain(x(76)), value: 'v' }] })],
  ],
  ['option value', [select({ options: [option(x(150))] })], [select({ options: [option(x(151))] })]],
  [
    'initial option',
    [select({ options: [option('a')], initial_option: option('a') })],
    [select({ options: [option('a')], initial_option: option('b') })],
  ],
  ['options or groups', [select({ options: [option('a')] })], [select({})]],
  [
    'overflow',
    [actions({ type: 'overflow', options: many(5, (i) => option(`${i}`)) })],
    [actions({ type: 'overflow', options: many(6, (i) => option(`${i}`)) })],
  ],
  [
    'context',
    [{ type: 'context', elements: many(10, () => mrkdwn('x')) }],
    [{ type: 'context', elements: many(11, () => mrkdwn('x')) }],
  ],
  [
    'image needs alt_text',
    [{ type: 'image', image_url: 'https://x', alt_text: 'x' }],
    [{ type: 'image', image_url: 'https://x' }],
  ],
  [
    'image needs a picture',
    [{ type: 'image', image_url: 'https://x', alt_text: 'x' }],
    [{ type: 'image', alt_text: 'x' }],
  ],
  [
    'markdown in all',
    [{ type: 'markdown', text: x(12_000) }],
    [
      { type: 'markdown', text: x(6001) },
      { type: 'markdown', text: x(6000) },
    ],
  ],
  ['one table', [table([[cell('x')]])], [table([[cell('x')]]), table([[cell('x')]])]],
  ['rows of a table', [table(many(100, () => [cell('x')]))], [table(many(101, () => [cell('x')]))]],
  ['columns of a table', [table([many(20, () => cell('x'))])], [table([many(21, () => cell('x'))])]],
  ['cells say something', [table([[cell('x')]])], [table([[cell('')]])]],
  ['characters of a table', [table([[cell(x(5000)), cell(x(5000))]])], [table([[cell(x(5000)), cell(x(5001))]])]],
]

describe('the limits of Block Kit', () => {
  it.each(edges)('%s', (_name, good, bad) => {
    expect(wrong(good)).toEqual([])
    expect(wrong(bad)).not.toEqual([])
  })

  it('allows markdown and tables in messages only, and 100 blocks in views', () => {
    for (const each of [{ type: 'markdown', text: 'x' }, table([[cell('x')]])]) {
      expect(wrong([each])).toEqual([])
      expect(wrong([each], 'home')).toEqual(['[ERROR] unsupported type [json-pointer:/blocks/0/type]'])
      expect(wrong([each], 'modal')).not.toEqual([])
    }
    expect(
      wrong(
        many(100, () => section()),
        'home',
      ),
    ).toEqual([])
    expect(
      wrong(
        many(101, () => section()),
        'home',
      ),
    ).not.toEqual([])
  })

  it('takes a slack_file only when it is there', () => {
    const blocks = [{ type: 'image', alt_text: 'x', slack_file: { id: 'F1' } }]
    expect(wrongBlocks(blocks, 'message', ({ id }) => id === 'F1')).toEqual([])
    expect(wrong(blocks)).toEqual(['[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]'])
  })

  it('checks the title, the submit button and the blocks of a modal', () => {
    const input = { type: 'input', label: plain('x'), element: { type: 'plain_text_input', action_id: 'i' } }
    const modal = (more: object = {}) => ({
      type: 'modal',
      title: plain(x(24)),
      submit: plain('ok'),
      blocks: [input],
      ...more,
    })
    expect(wrongView(modal(), noFiles)).toEqual([])
    expect(wrongView({ type: 'home', blocks: [input] }, noFiles)).toEqual([])
    for (const bad of [
      { title: plain(x(25)) },
      { submit: undefined },
      { blocks: [section({})] },
      { private_metadata: x(3001) },
    ]) {
      expect(wrongView(modal(bad), noFiles)).not.toEqual([])
    }
    expect(wrongView({ type: 'home', title: plain('x'), blocks: [] }, noFiles)).not.toEqual([])
  })
})
