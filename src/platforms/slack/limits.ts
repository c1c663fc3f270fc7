// What Slack allows, in characters and pieces. Pages of docs.slack.dev, read in November 2026.

/** https://docs.slack.dev/reference/block-kit/blocks and the page of each block. */
export const BLOCK_LIMITS = {
  /** Blocks of a message; a home tab takes 100. */
  message: 50,
  view: 100,
  /** https://docs.slack.dev/reference/block-kit/blocks/header-block */
  header: 150,
  /** Text of a context element. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
  text: 3000,
  /** Ours: Slack names no limit for a rich text block, so it gets what a section would. */
  richText: 3000,
  /** https://docs.slack.dev/reference/block-kit/blocks/image-block */
  alt: 2000,
  /** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
  actions: 25,
  /** https://docs.slack.dev/reference/block-kit/blocks/table-block; rows with the head. */
  tableRows: 100,
  tableColumns: 20,
  /** Ours: a table with more text than this is shown as a list, which can be split. */
  tableText: 3000,
} as const

/** https://docs.slack.dev/reference/block-kit/block-elements and .../composition-objects/option-object */
export const ELEMENT_LIMITS = {
  button: 75,
  placeholder: 150,
  options: 100,
  option: 75,
} as const

export const MESSAGE_LIMITS = {
  /** Beyond it Slack advises against a text. https://docs.slack.dev/reference/methods/chat.postMessage, "Truncating content" */
  text: 4000,
  /**
   * Bytes of the text of an edit, whose limit of 4,000 is not in characters: `msg_too_long` was seen at 4,121 bytes, and not at 3,971.
   * https://docs.slack.dev/reference/methods/chat.update, "Errors"
   */
  editBytes: 3900,
  /** Blocks as JSON. Not documented: `msg_blocks_too_long` was seen from 13,200 on (https://github.com/slackapi/bolt-js/issues/2509). */
  blocksJson: 13_000,
} as const

/** `title`: of a modal, and of each of its two buttons. https://docs.slack.dev/reference/views/modal-views */
export const VIEW_LIMITS = { title: 24, metadata: 3000 } as const

/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element, `max_length` */
export const INPUT_LIMITS = { text: 3000 } as const

/** Uses of a response_url, within half an hour. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export const RESPONSES = 5

/** https://docs.slack.dev/reference/app-manifest */
export const MANIFEST_LIMITS = { command: 32, description: 2000, usageHint: 1000, shortDescription: 140 } as const
