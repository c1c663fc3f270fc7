// Other rhythms than every week, as people ask for them in both languages: a schedule has none of these. Pure.

import { fold } from '../../content/normalize.ts'

/** The words of a text that ask for another rhythm than every week: "격주", "매월 1일", "every other Monday"; undefined for none. */
export function otherRhythmIn(text: string): string | undefined {
  const line = fold(text).replace(/\s+/gu, ' ')
  return RHYTHMS.map((rhythm) => rhythm.exec(line)?.[0].trim()).find((word) => word !== undefined)
}

const OFTEN = '(?:마다|에\\s*(?:한|두|세|\\d+)\\s*(?:번|회)|간격|걸러|꼴)'
const RHYTHMS: readonly RegExp[] = [
  /격[주일월]\S*/u,
  /매(?:월|달|년|해)(?!요일)(?:\s*\d+일)?|(?<!\S)[월연]간(?!\S)|매분기|분기마다/u,
  new RegExp(`(?:[2-9]|[1-9]\\d+|두|세|네|이|삼|사)\\s*주일?\\s*${OFTEN}`, 'u'),
  new RegExp(`(?:(?:[2-9]|[1-9]\\d+)일|이틀|사흘|나흘|열흘|보름)\\s*${OFTEN}`, 'u'),
  new RegExp(`(?:\\d+|일|한|두|세|네)?\\s*(?:달|개월|년)\\s*${OFTEN}`, 'u'),
  /(?:하루|한\s*주|한\s*달)(?:씩)?\s*(?:걸러|건너)\S*/u,
  /(?:첫|둘|두|셋|세|넷|네|다섯|마지막)\s*(?:번?째)?\s*(?:주|[월화수목금토일]요일)\S*|[짝홀]수\s*주\S*/u,
  /\b(?:bi-?weekly|(?:bi-?|semi-?)?monthly|fortnight(?:ly)?|quarterly|yearly|annually)\b/iu,
  /\b(?:alternat(?:e|ing)|every\s+(?:other|second|third|fourth|2nd|3rd|4th))\s+\p{L}+/iu,
  /\bevery\s+(?:[2-9]|[1-9]\d+|two|three|four|five|six)\s*(?:day|week|month|year)s?\b/iu,
  /\b(?:(?:once|twice)\s+(?:an?|per|every)|every|each|per)\s+(?:month|quarter|year|fortnight)\b/iu,
  /\b(?:first|second|third|fourth|last|[1-5](?:st|nd|rd|th))\s+(?:week|mon|tue|wed|thu|fri|sat|sun)\p{L}*/iu,
  /\b(?:odd|even)\s+weeks?\b/iu,
  /매\s*시간?(?:마다)?(?![\p{L}\d])|(?:\d+|한|두|세|네|여섯|열두)?\s*시간\s*(?:마다|간격|꼴)|\d+\s*분\s*(?:마다|간격|꼴)/u,
  /하루에?\s*(?:[2-9]|두|세|네|여러)\s*(?:번|차례|회)/u,
  /\b(?:hourly|every\s+(?:(?:\d+|two|three|four|six|twelve|other|half)\s+)?(?:hour|minute|min)s?)\b/iu,
  /\b(?:twice|(?:[2-9]|two|three|four)\s+times)\s+(?:an?|per|every|each)\s+day\b|\btwice\s+daily\b/iu,
]
