// Channels and people as they are written in a line of text, to the ids that platforms know them by.

/** `<#C0123|study>`, `#study` and `C0123` to the id, or the name where no id was written. */
export function channelId(text: string): string {
  const typed = text.trim()
  return /^<#([^|>]+)(?:\|[^>]*)?>$/.exec(typed)?.[1] ?? typed.replace(/^#/, '')
}

/**
 * Whether a text is a platform's own id of a person and no name: a mention, or nothing but the many digits that option menus send
 * (snowflakes have 17 to 20: docs.discord.com/developers/reference#snowflakes).
 */
export function isPersonId(text: string): boolean {
  return /^(<@.*>|\d{15,})$/.test(text.trim())
}

/** `<@U0123|minji>`, `@minji` and `U0123` to the id, or the name where no id was written. */
export function personId(text: string): string {
  const typed = text.trim()
  return /^<@!?([^|>]+)(?:\|[^>]*)?>$/.exec(typed)?.[1] ?? typed.replace(/^@/, '')
}
