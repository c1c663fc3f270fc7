// The one table of commands, and of the buttons they own. Everything that lists commands reads it.

import type { ActionHandlers } from '../chat/command.ts'
import { privately } from '../chat/invocation.ts'
import { adminsActions, adminsCommands } from './admins.ts'
import { compareActions, compareCommand } from './compare.ts'
import type { Context, StudyCommand } from './context.ts'
import { doctorCommand } from './doctor.ts'
import { helpCard, helpCommand } from './help.ts'
import { lookupActions, lookupCommand } from './lookup.ts'
import { missingCommand } from './missing.ts'
import { postNowCommand } from './post-now.ts'
import { privacyActions, privacyCommands } from './privacy.ts'
import { quizActions, quizCommand } from './quiz.ts'
import { scheduleActions, scheduleCommands } from './schedule.ts'
import { boardActions, leaderboardCommand, scoreCommand } from './score.ts'
import { settingsCommand } from './settings.ts'
import { prepareTeamCommand, renameTeamCommand, teamActions, teamCommands } from './team.ts'

/** Every command, in the order of help. */
export function commandTable(context: Pick<Context, 'library' | 'indexes'>): readonly StudyCommand[] {
  const lookups = context.library.subjects.flatMap((subject) => {
    const index = context.indexes.get(subject.id)
    return index ? [lookupCommand(subject, index, () => commands)] : []
  })
  const commands: StudyCommand[] = [
    ...lookups,
    quizCommand(context),
    compareCommand(context),
    scoreCommand,
    leaderboardCommand,
    ...teamCommands,
    ...privacyCommands,
    ...scheduleCommands,
    postNowCommand,
    settingsCommand,
    ...adminsCommands,
    renameTeamCommand,
    prepareTeamCommand,
    missingCommand,
    doctorCommand,
  ]
  // Help lists the table that it is in.
  commands.push(helpCommand(() => commands))
  return commands
}

/** The buttons that are for admins alone: a message with one may be seen by anybody. */
export const adminActions: ActionHandlers<Context> = { ...scheduleActions, ...adminsActions }

/** The handler of every kind of action id. */
export function actionHandlers(commands: readonly StudyCommand[]): ActionHandlers<Context> {
  return {
    ...lookupActions,
    ...quizActions,
    ...compareActions,
    ...boardActions,
    ...teamActions,
    ...privacyActions,
    ...adminActions,
    'help.show': async (_context, { locale }) => privately(helpCard(commands, locale)),
  }
}
