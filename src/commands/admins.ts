// /study-admin admins add | remove | list: members who may use the admin commands without being admins of the platform.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { adminsCard, askGrantCard } from '../cards/settings.ts'
import { type ActionHandlers, defineCommand, requiredMemberOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { type Locale, translator } from '../locales/locale.ts'
import { accountOf, findMember, namesOf } from '../store/people.ts'
import { grantAdmin, isGranted, listAdmins, revokeAdmin } from '../store/settings.ts'
import type { Context, StudyCommand } from './context.ts'
import { type Called, inCommunity, memberCalled, namesShown, shownAs } from './member.ts'

/**
 * Whether the person may use the admin commands: granted here, or an admin of the platform itself. Whoever left or was thrown out, and came
 * back, has to be granted it again.
 */
export async function isAdmin({ store }: Context, invocation: Invocation): Promise<boolean> {
  const { platform, connection, account, memberSince = 0 } = invocation
  if (connection && (await isGranted(store.db, platform, connection.id, account.id, memberSince))) return true
  return invocation.isAdmin()
}

function common(name: 'add' | 'remove' | 'list') {
  return {
    path: ['study-admin', 'admins', name],
    audience: 'admin',
    pace: 'quick',
    describe: (locale: Locale) => translator(locale)(`command.admins-${name}`, { returnObjects: true }),
    describeOption: (locale: Locale) => translator(locale)('option.admin', { returnObjects: true }),
  } as const
}

const options = z.object({ member: requiredMemberOption() })

export const adminsCommands: readonly StudyCommand[] = [
  defineCommand({
    ...common('add'),
    options,
    run: (context: Context, invocation, { member }) =>
      withMember(context, invocation, member, async (community, { person_id: person, name, by }) => {
        const account = by === 'id' ? undefined : await accountOf(context.store.db, invocation.platform, person)
        if (account === undefined) return grant(context, invocation, community, { person_id: person, name })
        return privately(askGrantCard({ name, account, person }, translator(invocation.locale)))
      }),
  }),
  defineCommand({
    ...common('remove'),
    options,
    run: (context: Context, invocation, { member }) =>
      withMember(context, invocation, member, async (community, { person_id, name }) => {
        const wasOne = await context.store.write((tx) => revokeAdmin(tx, community, person_id))
        const t = translator(invocation.locale)
        const key = wasOne ? 'removed' : 'notOne'
        const accent = wasOne ? 'success' : 'info'
        return privately(noticeCard(accent, t(`admins.${key}.title`), t(`admins.${key}.text`, { name })))
      }),
  }),
  defineCommand({
    ...common('list'),
    options: z.object({}),
    run: (context: Context, invocation) =>
      inCommunity(context, invocation, async ({ community }) => {
        const people = await listAdmins(context.store.db, community.id)
        const names = await namesOf(context.store.db, community.id, people)
        return privately(
          adminsCard(
            people.map((person) => names.get(person) ?? '?'),
            translator(invocation.locale),
          ),
        )
      }),
  }),
]

export const adminsActions: ActionHandlers<Context> = {
  'admins.grant': (context, invocation, { args: [person = ''] }) =>
    inCommunity(context, invocation, async ({ community }) => {
      const member = await findMember(context.store.db, community.id, person)
      if (member) return grant(context, invocation, community.id, member)
      const t = translator(invocation.locale)
      return privately(noticeCard('warning', t('error.unknownAction.title'), t('error.unknownAction.text')))
    }),
}

async function grant(
  { store, clock }: Context,
  { locale }: Invocation,
  community: string,
  { person_id, name }: { readonly person_id: string; readonly name: string },
): Promise<Reply> {
  const isNew = await store.write((tx) => grantAdmin(tx, community, person_id, clock.now()))
  const t = translator(locale)
  const key = isNew ? 'added' : 'already'
  return privately(noticeCard('success', t(`admins.${key}.title`), t(`admins.${key}.text`, { name })))
}

/** Runs `work` for the one member who goes by an id or a whole name: rights are not given for a part of one. */
function withMember(
  context: Context,
  invocation: Invocation,
  typed: string,
  work: (community: string, member: Extract<Called, { kind: 'one' }>) => Promise<Reply>,
): Promise<Reply> {
  return inCommunity(context, invocation, async ({ community }) => {
    const called = await memberCalled(context, community.id, invocation, typed)
    if (called.kind === 'one') return work(community.id, called)
    const t = translator(invocation.locale)
    const name = shownAs(invocation, typed)
    if (called.kind === 'nobody') {
      return privately(noticeCard('warning', t('admins.unknown.title'), t('admins.unknown.text', { name })))
    }
    const names = namesShown(called.kind === 'part' ? [called.name] : called.names)
    return privately(noticeCard('warning', t('admins.unsure.title'), t('admins.unsure.text', { name, names })))
  })
}
