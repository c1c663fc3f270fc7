// Closing: ends the answers, then shows what came of them. The edit may be repeated; the answers cannot change any more.

import { closedQuizCard } from '../cards/quiz.ts'
import type { Card } from '../chat/card.ts'
import { PlatformError } from '../chat/platform.ts'
import { translator } from '../locales/locale.ts'
import type { Post } from '../store/posts.ts'
import { closingOf } from '../study/closing.ts'
import { cardOf } from './compose.ts'
import { backoff, GIVE_UP, lease, moveOwn, type Process, type Target, targetOf } from './parts.ts'

/** Closes a post that is over, or makes the card of one anew from which a person was erased. */
export async function closePost(self: Process, post: Post): Promise<void> {
  const { clock, random, log } = self
  // Committed before anything is read: an answer after this is practice.
  if (!(await lease(self, post, ['posted', 'closing'], 'closing'))) return
  try {
    const target = await targetOf(self, post)
    if (post.message_ref !== null) await target.platform.edit(post.message_ref, await finalCard(self, post, target))
  } catch (error) {
    const kind = error instanceof PlatformError ? error.kind : 'ambiguous'
    const overdue = clock.now() - post.closes_at
    if ((kind === 'retry-after' || kind === 'ambiguous') && overdue < GIVE_UP) {
      const asked = error instanceof PlatformError ? error.retryAfter : undefined
      log.warn({ err: error, post: post.id, kind }, 'a closed post was not edited yet')
      // Longer waits the longer it goes on; belonging to nobody, so that the next question does not wait.
      const until = clock.now() + backoff(1 + Math.floor(Math.log2(1 + Math.max(0, overdue) / 60_000)), asked, random)
      await moveOwn(self, post, ['closing'], { state: 'closing', lease_owner: '', lease_until: until })
      return
    }
    // A message that somebody deleted needs no edit; anything else is worth a line in the log.
    if (kind !== 'message-gone') log.warn({ err: error, post: post.id, kind }, 'a closed post was not edited')
  }
  await moveOwn(self, post, ['closing'], { state: 'closed', lease_until: 0 })
  log.info({ post: post.id, kind: post.kind }, 'closed')
}

async function finalCard({ store }: Process, post: Post, target: Target): Promise<Card> {
  if (post.kind !== 'quiz') return cardOf(store.db, post, target)
  return closedQuizCard(await closingOf(store.db, post), target.locale, translator(target.locale))
}
