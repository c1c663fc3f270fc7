// Other words that people use for commands and their groups. Pure.

/** By the path behind the root. A word is here only where it can mean nothing else. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  quiz: ['문제', '연습', '연습문제', 'question', 'practice', 'practise'],
  compare: ['차이', 'difference', 'diff'],
  score: ['내점수', 'my-score', 'point', 'points', 'stats'],
  leaderboard: ['랭킹', '리더보드', '등수', 'ranking', 'rank', 'board'],
  help: ['도움'],
  team: ['teams'],
  'team create': ['생성', 'new'],
  'team join': ['가입', '참여', '들어가기', 'switch'],
  'team leave': ['탈퇴', 'quit', 'exit'],
  'team list': ['리스트'],
  schedule: ['schedules'],
  'schedule add': ['등록', '만들기', '생성', 'create', 'new'],
  'schedule list': ['보기', '조회', '리스트', 'show'],
  'schedule pause': ['중지', '정지', '중단', 'stop'],
  'schedule resume': ['재개', '시작', '재시작', 'start', 'restart', 'unpause'],
  'schedule remove': ['삭제', '제거', 'delete'],
  'schedule skip-dates': ['휴일', '휴무', '공휴일', '쉬기', 'holiday', 'holidays'],
  'post-now': ['지금올리기'],
  admins: ['admin'],
  'admins add': ['등록'],
  'admins list': ['리스트'],
  'admins remove': ['삭제', '제거', 'delete'],
}

/** The other words for what stands at a depth of a path. */
export function synonymsAt(path: readonly string[], depth: number): readonly string[] {
  return SYNONYMS[path.slice(1, depth + 1).join(' ')] ?? []
}

/** Endings that say "do it": "퀴즈 내줘", "점수 보기". They add nothing to a command that needs nothing more. */
const ASKING =
  /(?:좀)?(?:보여|알려|내|해)?(?:줘요?|주세요|주라)$|(?:내|풀어)봐요?$|보기$|풀기$|풀래요?$|볼래요?$|하기$|확인$/u

/** A search key without such an ending. */
export function withoutAsking(key: string): string {
  return key.replace(ASKING, '')
}

/** What people write who want a team to have another name. As search keys. */
export const RENAMING: ReadonlySet<string> = new Set([
  ...['rename', '이름바꾸기', '이름변경', '이름수정', '바꾸기', '변경', '수정'],
])

/** What people write who want a schedule to be another. As search keys. */
export const CHANGING: ReadonlySet<string> = new Set([
  ...['edit', 'change', 'update', 'modify', 'move', 'reschedule'],
  ...['수정', '변경', '바꾸기', '고치기', '옮기기', '이동'],
])
