// Forms for commands that were written without what they need: opened by the trigger of the command, and done once however often
// this process gets what was filled in. https://docs.slack.dev/surfaces/modals

import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Reply } from '../../chat/invocation.ts'
import { codeOf, toPlatformError } from './errors.ts'
import type { Form } from './form.ts'
import type { Workspace } from './workspaces.ts'

export type Forms = {
  /**
   * False when Slack does not open it, such as after the three seconds that a trigger lives. Never rejects.
   *
   * @param id of the interaction, for the log
   */
  open(workspace: Workspace, trigger: string, form: Form, id: string): Promise<boolean>
  /** Does the work of a form the first time; whoever comes with the same form gets what came of it. */
  once(form: string, work: () => Promise<Reply>): Promise<Reply>
}

/** How many forms are remembered; whichever was sent longest ago goes first. */
const REMEMBERED = 1000

export function createForms(log: Logger): Forms {
  const replies = new LRUCache<string, Promise<Reply>>({ max: REMEMBERED })
  return {
    async open({ clients }, trigger_id, view, id) {
      try {
        await clients.post.views.open({ trigger_id, view })
        return true
      } catch (error) {
        log.info({ reason: codeOf(error) ?? toPlatformError(error).message, id }, 'a form could not be opened')
        return false
      }
    },
    once(form, work) {
      const known = replies.get(form)
      if (known) return known
      const begun = work()
      replies.set(form, begun)
      // What came to nothing may be tried again.
      begun.catch(() => replies.delete(form))
      return begun
    },
  }
}
