// What the playground serves: the page, its live channel, and the same invocations as any platform.

import { timingSafeEqual } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import * as path from 'node:path'
import { Hono, type Context as HttpContext } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type { Logger } from 'pino'
import * as z from 'zod'
import type { Invocation, Reply } from '../../chat/invocation.ts'
import { newTrace } from '../../chat/trace.ts'
import type { Clock } from '../../clock.ts'
import { completeLine } from '../../commands/complete.ts'
import type { Bot } from '../../commands/dispatch.ts'
import type { Library } from '../../content/library.ts'
import { acceptedLocale, LOCALES, type Locale, localeOf, translator } from '../../locales/locale.ts'
import { ROOT } from '../../state.ts'
import { isLoopback } from '../../variables.ts'
import type { Routes } from '../web.ts'
import type { Channel, ChannelMessage } from './channel.ts'
import { cardHtml } from './html.ts'
import { languageAskedFor, languageOf } from './language.ts'
import { PERSONAS } from './members.ts'
import { pageHtml } from './page.ts'
import { CHANNEL, CONNECTION, PLAYGROUND } from './platform.ts'
import { streamChannel } from './stream.ts'

export type PageOptions = {
  /** The name or address that the web server listens on. */
  readonly host: string
  readonly secret: string | undefined
  readonly defaultLocale: Locale
  /** Sets the clock forward by some hours, and posts what falls due meanwhile; undefined where it cannot be set. */
  readonly skip: ((hours: number) => Promise<void>) | undefined
}

/** The page's own files: served to the browser, and not a part of the program. */
const PAGE = path.join(ROOT, 'src/platforms/playground/page')

const BODY_LIMIT = 64 * 1024

const caller = z.object({ member: z.enum(PERSONAS.map(({ id }) => id)), locale: z.enum(LOCALES) })
const commandBody = caller.extend({ line: z.string() })
const actionBody = caller.extend({
  action: z.string().max(200),
  picked: z.string().max(200).optional(),
  /** Id of the channel message that was pressed. */
  message: z.string().max(64).optional(),
})
/** One hour or one day at a time: what the page has buttons for. */
const clockBody = z.object({ hours: z.union([z.literal(1), z.literal(24)]) })
const completeQuery = z.object({ locale: z.enum(LOCALES), line: z.string().max(500) })

/** What a message looks like to the page. */
type Shown = { readonly id: string; readonly html: string; readonly at: number; readonly edited: boolean }

/** The playground's routes; `close` ends the streams of open pages. */
export async function createPages(
  bot: Bot,
  library: Library,
  channel: Channel,
  clock: Clock,
  log: Logger,
  options: PageOptions,
): Promise<{ routes: Routes; close(): void }> {
  const { secret, defaultLocale, skip } = options
  const assets = await loadAssets()
  const app: Routes = new Hono()
  const streams = new AbortController()
  /** One for each open page. */
  const clockWatchers = new Set<() => void>()
  const shownClock = skip && {
    now: () => clock.now(),
    watch: (watcher: () => void) => {
      clockWatchers.add(watcher)
      return () => clockWatchers.delete(watcher)
    },
  }

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      // The playground is plain HTTP on this machine; a promise of HTTPS would outlive it in the browser.
      strictTransportSecurity: false,
    }),
  )
  app.use(async (http, next) => {
    const problem = strangerOf(http, options)
    if (problem) return http.text(problem, 403)
    await next()
    return undefined
  })
  if (secret !== undefined) {
    app.use(basicAuth({ verifyUser: (_user, password) => same(password, secret), realm: 'playground' }))
  }

  app.get('/', (http) => {
    const locale =
      localeOf(http.req.query('lang') ?? '') ?? acceptedLocale(http.req.header('accept-language')) ?? defaultLocale
    return http.html(pageHtml(locale, translator(locale), skip && clock.now()))
  })
  for (const [path, { type, body }] of assets) {
    app.get(path, (http) => http.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }

  // Only the pictures that the library names: a path from outside is never joined to a folder.
  const images = new Set(
    library.subjects.flatMap(({ diagrams }) => diagrams.flatMap(({ files }) => Object.values(files))),
  )
  app.get('/images/*', async (http) => {
    const name = http.req.path.slice('/images/'.length)
    if (!images.has(name)) return http.notFound()
    const body = await fs.readFile(`${library.root}/${name}`)
    return http.body(new Uint8Array(body), 200, { 'content-type': 'image/png', 'cache-control': 'max-age=3600' })
  })

  app.get('/events', (http) => {
    return streamChannel(http, channel, show, shownClock, streams.signal, log)
  })

  app.get('/api/complete', (http) => {
    const query = completeQuery.safeParse(http.req.query())
    if (!query.success) return http.json({ items: [] })
    return http.json({ items: completeLine(query.data.line, bot.commands, query.data.locale) })
  })
  app.use('/api/*', bodyLimit({ maxSize: BODY_LIMIT, onError: (http) => http.json({ error: 'too large' }, 413) }))
  app.post('/api/command', async (http) => {
    const body = commandBody.safeParse(await http.req.json().catch(() => undefined))
    if (!body.success) return http.json({ error: z.prettifyError(body.error) }, 400)
    const invocation = toInvocation(body.data, clock.now(), undefined)
    return http.json(await answer(await bot.runLine(invocation, body.data.line), body.data.locale))
  })
  app.post('/api/action', async (http) => {
    const body = actionBody.safeParse(await http.req.json().catch(() => undefined))
    if (!body.success) return http.json({ error: z.prettifyError(body.error) }, 400)
    const { locale, action, picked, message } = body.data
    const invocation = toInvocation(body.data, clock.now(), message)
    const reply = await bot.press(invocation, action, picked)
    // A quiz to read in another language comes in that one; that it is gone, in the caller's.
    const language = languageAskedFor(action) === undefined ? locale : languageOf(reply.card)
    return http.json(await answer(reply, language))
  })
  if (skip) {
    app.post('/api/clock', async (http) => {
      const body = clockBody.safeParse(await http.req.json().catch(() => undefined))
      if (!body.success) return http.json({ error: z.prettifyError(body.error) }, 400)
      await skip(body.data.hours).finally(() => {
        for (const tell of clockWatchers) tell()
      })
      return http.json({ now: clock.now() })
    })
  }
  app.onError((error, http) => {
    // A refusal that a middleware made (no secret, too large) is an answer, not a failure.
    if (error instanceof HTTPException) return error.getResponse()
    log.error({ err: error, path: http.req.path }, 'the playground could not answer')
    return http.json({ error: 'internal error' }, 500)
  })

  /**
   * A private reply goes back to whoever asked; a public one to the channel, where they see it like everybody.
   *
   * @param locale the language of the reply
   */
  async function answer({ card, visibility, mode, after }: Reply, locale: Locale): Promise<object> {
    await after?.()
    if (visibility === 'public') {
      const { id } = await channel.say(card)
      return { visibility, id }
    }
    return { visibility, mode, html: await cardHtml(card, locale), at: clock.now() }
  }

  async function show({ id, card, at, edited }: ChannelMessage): Promise<Shown> {
    return { id, html: await cardHtml(card, languageOf(card)), at, edited }
  }

  return { routes: app, close: () => streams.abort() }
}

function toInvocation(
  { member, locale }: z.infer<typeof caller>,
  now: number,
  message: string | undefined,
): Invocation {
  const persona = PERSONAS.find(({ id }) => id === member)
  if (!persona) throw new Error(`there is no member ${member}`)
  return {
    platform: PLAYGROUND,
    account: { id: persona.id, name: persona.name },
    connection: { id: CONNECTION, name: 'Playground' },
    channel: CHANNEL,
    locale,
    receivedAt: now,
    message,
    idempotencyKey: undefined,
    trace: newTrace(),
    isAdmin: async () => persona.isAdmin,
  }
}

/**
 * Why a request is not from our own page: another site's page must not be able to read or post here, even by a name
 * of its own that it points at this machine (DNS rebinding), so Host is checked for reads and Origin for writes.
 */
function strangerOf(http: HttpContext, { host, secret }: PageOptions): string | undefined {
  const hostHeader = http.req.header('host') ?? ''
  const name = hostHeader
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  // With a secret the page may be behind any name: a foreign page does not know the secret.
  if (secret === undefined && !isLoopback(name) && name !== host)
    return 'This page is only served under the name of this machine.'
  if (http.req.method === 'GET' || http.req.method === 'HEAD') return undefined
  const origin = http.req.header('origin')
  if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== hostHeader)
    return 'Only the page itself may post here.'
  return undefined
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Node's own type stripping, which has run this very file. As a function it is still marked experimental, and says so on the first
 * screen a newcomer sees; that one warning is left out. (A command-line flag would stop older Nodes before they can say what is wrong.)
 */
function withoutTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

/** What the page's own files are to a browser, by their endings. The scripts are TypeScript here and JavaScript there. */
const ASSETS: Readonly<Record<string, { type: string; made?: (source: string) => string }>> = {
  '.ts': { type: 'text/javascript; charset=utf-8', made: withoutTypes },
  '.css': { type: 'text/css; charset=utf-8' },
  '.svg': { type: 'image/svg+xml' },
}

async function loadAssets(): Promise<ReadonlyMap<string, { type: string; body: string }>> {
  const assets = new Map<string, { type: string; body: string }>()
  for (const name of await fs.readdir(PAGE)) {
    const asset = ASSETS[path.extname(name)]
    if (!asset) continue
    const source = await fs.readFile(path.join(PAGE, name), 'utf8')
    assets.set(`/${name}`, { type: asset.type, body: asset.made?.(source) ?? source })
  }
  return assets
}
