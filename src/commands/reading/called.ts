// The commands that words name, wherever those stand. Pure.

import { fold, searchKey } from '../../content/normalize.ts'
import type { StudyCommand } from '../context.ts'
import { follow, type UnknownCommand } from './grammar.ts'
import { RENAMING } from './synonyms.ts'
import { type Token, tokenize } from './tokens.ts'

/** What words name: the commands, and how deep in their paths. */
type Called = { readonly commands: readonly StudyCommand[]; readonly depth: number }

/** The commands that a text names, with or without where they are: "일정", "/study-admin schedule add". Empty for none. */
export function commandsNamed(text: string, commands: readonly StudyCommand[]): readonly StudyCommand[] {
  const [first, ...rest] = tokenize(text)
  const root = fold(first?.text ?? '')
    .replace(/^\//, '')
    .toLowerCase()
  const own = commands.filter(({ path }) => path[0] === root)
  if (first && own.length > 0) return follow(rest, own).candidates
  return mostCalled(first ? [first, ...rest] : [], commands).flatMap((called) => called.commands)
}

/** What the words name in each root that has the most of them. */
function mostCalled(words: readonly Token[], commands: readonly StudyCommand[]): readonly Called[] {
  const roots = [...new Set(commands.map(({ path }) => path[0]))]
  const found = roots.map((root) =>
    follow(
      words,
      commands.filter(({ path }) => path[0] === root),
    ),
  )
  const most = Math.max(1, ...found.map(({ at }) => at))
  return found.filter(({ at }) => at === most).map(({ candidates, depth }) => ({ commands: candidates, depth }))
}

/** What the words of a line name that stand behind the wrong root: "/study 일정", "/study-admin 퀴즈". */
export function calledElsewhere(
  { words, root }: UnknownCommand,
  commands: readonly StudyCommand[],
): Called | undefined {
  const others = commands.filter(({ path }) => path[0] !== root)
  const [called] = mostCalled(words, others)
  if (called) return called
  // Teams are made and joined in one place, and renamed in the other.
  const rename = others.find(({ path }) => path.join(' ') === 'study-admin team')
  const [group, ...verb] = words.slice(0, 3).map(({ text }) => searchKey(text))
  const isRename =
    group === 'team' || group === '팀' ? [1, 2].some((n) => RENAMING.has(verb.slice(0, n).join(''))) : false
  return rename && isRename ? { commands: [rename], depth: rename.path.length } : undefined
}
