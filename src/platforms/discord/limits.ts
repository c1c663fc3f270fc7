// What Discord allows, in characters and pieces. https://docs.discord.com/developers (pages named below), read in November 2026.

/** Components Reference: "Component Object", and under each component. */
export const MESSAGE_LIMITS = {
  /** All components of a message, nested ones included. */
  components: 40,
  /** All text displays of a message together. */
  text: 4000,
  rowButtons: 5,
  buttonLabel: 80,
  selectOptions: 25,
  /** Label and value of an option. */
  selectOption: 100,
  placeholder: 150,
  /** Alternative text of a media gallery item. */
  alt: 1024,
  /** Message Resource: "Create Message", attachments. */
  files: 10,
} as const

/** Application Commands: "Application Command Object". */
export const COMMAND_LIMITS = {
  name: 32,
  description: 100,
  /** Options of a command, subcommands of a group, choices of an option, and suggestions. */
  options: 25,
  /** Name and value of a choice or suggestion. */
  choice: 100,
} as const

/** Messages that one request for a channel's history returns at most. Message Resource: "Get Channel Messages". */
export const HISTORY_PAGE = 100
