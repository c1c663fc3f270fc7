// How long a text of the content may be, in characters, so that every platform shows it whole.
// The tightest are Discord's 4,000 characters a message and Slack's 75 a button text and 150 a header
// (discord/discord-api-docs, docs/components/reference.mdx; docs.slack.dev/reference/block-kit/blocks).

export const CONTENT_LIMITS = {
  name: 80,
  alias: 60,
  aliases: 40,
  summary: 220,
  heading: 40,
  section: 700,
  notice: 300,
  filedUnder: 120,
  claim: 120,
  truth: 300,
  misconceptions: 6,
  prompt: 300,
  choice: 70,
  explanation: 500,
  sourceTitle: 150,
  url: 400,
  alt: 400,
  gist: 220,
  aspect: 30,
  cell: 90,
  choose: 300,
  /** Everything a topic's card shows, its sources' addresses included. */
  card: 3600,
} as const
