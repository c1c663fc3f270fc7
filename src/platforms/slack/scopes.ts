// What the app asks to be allowed, each for one reason. https://docs.slack.dev/reference/scopes

export const SCOPES = {
  required: [
    'commands', // /aws, /study and /study-admin
    'chat:write', // the daily post, its result, and messages to whoever planned it
    'users:read', // names on the boards, languages, and who is an admin
    'channels:read', // whether a public channel can be posted to
    'groups:read', // the same for a private one
    'files:write', // diagrams
  ],
  optional: [
    'chat:write.public', // posting in a public channel without being invited
    'channels:history', // looking for a post whose answer was lost
    'groups:history', // the same in a private channel
  ],
} as const
