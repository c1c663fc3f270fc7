// The page's HTML: everything that does not change while it is open, in one language.

import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { LOCALES, type Locale, type Translator } from '../../locales/locale.ts'
import { PERSONAS } from './members.ts'

/** Commands to try at a click, with the key of their label. What is looked up is in the visitor's language. */
const TRIES = [
  ['lookup', { ko: '/aws 람다', en: '/aws lambda' }],
  ['typo', { ko: '/aws 보안구룹', en: '/aws secrity group' }],
  ['quiz', '/study quiz'],
  ['score', '/study score'],
  ['board', '/study leaderboard'],
  ['help', '/study help'],
] as const

const THEMES = ['auto', 'light', 'dark'] as const

/** The texts that the script needs: what it says itself. */
const SCRIPT_TEXTS = ['private', 'bot', 'botTag', 'edited', 'offline', 'online', 'failed', 'sending'] as const

/** How far the clock can be set forward at a press, in hours, with the key of its label. */
const SKIPS = [
  ['clockHour', 1],
  ['clockDay', 24],
] as const

/** @param now what the bot's clock shows, in epoch milliseconds; undefined where it cannot be set */
export function pageHtml(
  locale: Locale,
  t: Translator,
  now: number | undefined,
): HtmlEscapedString | Promise<HtmlEscapedString> {
  const texts = Object.fromEntries(SCRIPT_TEXTS.map((key) => [key, t(`page.${key}`)]))
  return html`<!doctype html>
<html lang="${locale}" data-texts="${JSON.stringify(texts)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${t('page.title')}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/client.ts"></script>
</head>
<body>
<a class="skip" href="#line">${t('page.skip')}</a>
<div class="layout">
<header class="side" id="head" tabindex="-1">
  <div class="brand"><img src="/icon.svg" alt="" width="36" height="36"><div><h1>${t('page.title')}</h1><p>${t('page.tagline')}</p></div></div>
  <div class="group who" role="group" aria-labelledby="members-label">
    <h2 id="members-label">${t('page.members')}</h2>
    <div class="members">${PERSONAS.map(
      ({ id, name }, i) =>
        html`<button type="button" class="member" data-member="${id}" aria-pressed="${i === 0 ? 'true' : 'false'}"><span class="avatar member-${id}" aria-hidden="true">${Array.from(name)[0] ?? ''}</span><span class="name">${name}</span></button>`,
    )}</div>
  </div>
  <div class="settings">
    <nav class="group" aria-labelledby="language-label">
      <h2 id="language-label">${t('page.language')}</h2>
      <div class="segments">${LOCALES.map((each) => html`<a href="/?lang=${each}" lang="${each}" hreflang="${each}"${each === locale ? html` aria-current="true"` : ''}>${t(`language.${each}`)}</a>`)}</div>
    </nav>
    <div class="group" role="group" aria-labelledby="theme-label">
      <h2 id="theme-label">${t('page.theme')}</h2>
      <div class="segments">${THEMES.map((theme) => html`<button type="button" data-theme-choice="${theme}" aria-pressed="${theme === 'auto' ? 'true' : 'false'}">${t(`page.themes.${theme}`)}</button>`)}</div>
    </div>
  </div>
  ${now === undefined ? '' : clockHtml(now, t)}
  <p class="foot">${t('page.foot')}</p>
</header>
<main class="channel">
  <div class="channel-head"><h2><span aria-hidden="true">#</span> ${t('page.channel')}</h2><p>${t('page.channelTopic')}</p></div>
  <div class="scroll" id="scroll" tabindex="0" role="region" aria-label="${t('page.messages')}">
    <section class="welcome"><h3>${t('page.welcome.title')}</h3><p>${t('page.welcome.text')}</p></section>
    <div id="log" role="log" aria-live="off" aria-relevant="additions"><ol class="messages" id="messages"></ol></div>
    <div class="newer" id="newer" hidden><button type="button" id="to-newer">${t('page.newer')}</button></div>
  </div>
  <div class="tries" role="group" aria-label="${t('page.try')}">${TRIES.map(([key, line]) => html`<button type="button" class="try" data-line="${typeof line === 'string' ? line : line[locale]}">${t(`page.tries.${key}`)}</button>`)}</div>
  <a class="to-head" href="#head">${t('page.toHead')}</a>
  <div class="dock">
  <div class="status" id="status" role="status"></div>
  <form class="composer" id="composer" autocomplete="off">
    <ul class="completions" id="completions" role="listbox" aria-label="${t('page.completions')}" hidden></ul>
    <label class="visually-hidden" for="line">${t('page.composer')}</label>
    <input id="line" type="text" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="completions" placeholder="${t('page.placeholder')}" maxlength="10000" spellcheck="false" autocapitalize="off" enterkeyhint="send">
    <button type="submit" class="send">${t('page.send')}</button>
  </form>
  </div>
</main>
</div>
</body>
</html>`
}

function clockHtml(now: number, t: Translator): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<div class="group clock" role="group" aria-labelledby="clock-label" aria-describedby="clock-hint">
    <h2 id="clock-label">${t('page.clock')}</h2>
    <output id="clock" aria-live="off" data-now="${now}"></output>
    <div class="segments">${SKIPS.map(([key, hours]) => html`<button type="button" data-skip="${hours}">${t(`page.${key}`)}</button>`)}</div>
    <p class="hint" id="clock-hint">${t('page.clockHint')}</p>
  </div>`
}
