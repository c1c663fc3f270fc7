// Closing: ends the answers, then shows what came of them. The edit may be repeated; the answers cannot change any more.

import { closedQuizCard } from '../cards/quiz.ts'
import type { Card } from '../chat/card.ts'
import { PlatformError } from '../chat/platform.ts'
import { translator } from '../locales/locale.ts'
import { type Post, UNEDITED } from '../store/posts.ts'
import { closingOf } from '../study/closing.ts'
import { cardOf } from './compose.ts'
import { backoff, GIVE_UP, lease, moveOwn, moveShown, type Process, reportOf, type Target, targetOf } from './parts.ts'

/** How often a closing edit is tried at least: after downtime its hour is over before it begins. */
const MOST_EDITS = 12
/**
 * The same for a card that was closed long ago, from which an erased name is taken, through an outage of hours; and where the platform
 * says when to come again: it mostly let others through first, such as hundreds of such cards, and each of them must have its turn.
 */
const MOST_ANEW = 200

/** Closes a post that is over, or makes the card of one anew from which a person was erased. */
export async function closePost(self: Process, post: Post): Promise<void> {
  const { clock, random, log } = self
  // Committed before anything is read: an answer after this is practice.
  // The attempts of sending are done with; from here on those of the edit are counted.
  const tries = post.state === 'closing' ? post.attempts : 0
  const from = post.state === 'closing' ? 'closing' : 'posted'
  if (!(await lease(self, post, [from], 'closing', { attempts: tries }))) return
  let failure: string | null = null
  try {
    const target = await targetOf(self, post)
    if (post.message_ref !== null) await target.platform.edit(post.message_ref, await finalCard(self, post, target))
  } catch (error) {
    const kind = error instanceof PlatformError ? error.kind : 'ambiguous'
    const asked = error instanceof PlatformError ? error.retryAfter : undefined
    const age = clock.now() - post.closes_at
    const isOver = age >= GIVE_UP && tries >= (asked === undefined && age < 2 * GIVE_UP ? MOST_EDITS : MOST_ANEW)
    if ((kind === 'retry-after' || kind === 'ambiguous') && !isOver) {
      log.warn({ err: error, post: post.id, kind }, 'a closed post was not edited yet')
      // Belonging to nobody, so that the next question does not wait.
      const until = clock.now() + backoff(tries + 1, asked, random)
      const waiting = { state: 'closing', attempts: tries + 1, lease_owner: '', lease_until: until } as const
      await moveOwn(self, post, ['closing'], waiting)
      return
    }
    // A message that somebody deleted needs no edit; anything else is worth a line in the log.
    if (kind !== 'message-gone') {
      log.warn({ err: error, post: post.id, kind }, 'a closed post was not edited')
      failure = `${UNEDITED}: ${kind}`
    }
  }
  await moveShown(self, post, ['closing'], { state: 'closed', failure, lease_until: 0 })
  log.info(reportOf(self, post, 'closed'), 'closed')
}

async function finalCard({ store }: Process, post: Post, target: Target): Promise<Card> {
  if (post.kind !== 'quiz') return cardOf(store.db, post, target)
  const closing = { ...(await closingOf(store.db, post)), postId: post.id }
  return closedQuizCard(closing, target.locale, translator(target.locale))
}
